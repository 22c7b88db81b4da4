import * as E from 'fp-ts/Either'
import * as t from 'io-ts'
import { ClaimHash } from '../claim.ts'
import { codecOf } from '../codec-of.ts'
import type { Command } from '../commands.ts'
import { LastEpoch } from '../epoch.ts'
import { failure, invalidInput } from '../failure.ts'
import { faultPath } from '../fault-path.ts'
import { RecordId } from '../identity.ts'
import { Instant, Millis } from '../instant.ts'
import { jsonFault } from '../json.ts'
import { Outcome } from '../outcome.ts'
import type { Parsed } from '../parsing/parsed.ts'
import { IdempotencyRecord } from '../record.ts'
import { stored } from '../stored.ts'
import { StoredJson } from '../stored-json.ts'
import { Tenant } from '../tenant.ts'

type Fields = { readonly [name: string]: unknown }

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

const Text = codecOf('Text', (value): value is string => typeof value === 'string' && value.isWellFormed())

const Policy = t.type({
  reuseAfterExpiry: t.union([t.literal('allow'), t.literal('reject')]),
  takeover: t.union([t.literal('allow'), t.literal('refuse')]),
  clockSkewMs: Millis
})

const Holder = t.type({ epoch: LastEpoch, claimHash: ClaimHash })

const Retention = t.partial({ expiresAtMs: Instant, retentionMs: Millis })

/** Whatever epoch a record came with, it gets its own. */
const anew = (record: unknown): unknown => (isFields(record) ? { ...record, epoch: 1 } : record)

const RecordToImport = stored<IdempotencyRecord>({
  name: IdempotencyRecord.name,
  is: (record): record is IdempotencyRecord => IdempotencyRecord.is(anew(record)),
  validate: (record, context) => IdempotencyRecord.validate(anew(record), context)
})

/** What a command's events hold is judged by the codecs that will read it again. */
type Codec<A> = Pick<t.Type<A, unknown>, 'is' | 'decode'>

type CommandOf<T extends Command['_tag']> = Extract<Command, { readonly _tag: T }>

const codecs: { readonly [T in Command['_tag']]: Codec<Omit<CommandOf<T>, '_tag'>> } = {
  Reserve: t.intersection([
    t.type({
      atMs: Instant,
      recordId: RecordId,
      tenant: Tenant,
      operation: Text,
      key: Text,
      owner: Text,
      requestFingerprint: Text,
      lease: t.union([Millis, t.literal('none')]),
      claimId: Text,
      claimHash: ClaimHash,
      policy: Policy
    }),
    t.partial({ firstSeenEventId: Text }),
    Retention
  ]),
  Complete: t.intersection([t.type({ atMs: Instant, holder: Holder, outcome: Outcome }), Retention]),
  CompleteByKey: t.type({ atMs: Instant, outcome: Outcome }),
  Release: t.intersection([t.type({ atMs: Instant, holder: Holder }), t.partial({ note: Text })]),
  Renew: t.type({ atMs: Instant, holder: Holder, lease: Millis }),
  ReachRecoveryPoint: t.intersection([
    t.type({ atMs: Instant, holder: Holder, name: Text }),
    t.partial({ data: StoredJson })
  ]),
  MarkInDoubt: t.intersection([t.type({ atMs: Instant, holder: Holder }), t.partial({ note: Text })]),
  Expire: t.type({ atMs: Instant, policy: Policy }),
  ExpireByOperator: t.type({ atMs: Instant, note: Text }),
  CompleteByOperator: t.type({ atMs: Instant, outcome: Outcome, note: Text }),
  Import: t.type({ atMs: Instant, record: RecordToImport, source: Text })
}

/** These go into events whole, with all that they hold, and may hold each other. */
const copied = ['tenant', 'outcome', 'record']

/** What is to be JSON of a field: members of its own may be `undefined`, which is absent; inside `details` they may not. */
const withoutAbsent = (value: unknown, levels = copied.length): unknown =>
  isFields(value) && levels > 0
    ? Object.fromEntries(
        Object.entries(value)
          .filter(([, member]) => member !== undefined)
          .map(([name, member]) => [name, copied.includes(name) ? withoutAbsent(member, levels - 1) : member])
      )
    : value

/** Of everything its own members, each read once: what is judged is what is decided on, whatever becomes of the original. */
const copyOf = (command: unknown): Parsed<unknown> =>
  E.tryCatch(
    () => structuredClone(command),
    (cause) => failure('InvalidInput', '$ cannot be read as plain data', { path: '$', cause })
  )

/**
 * A command that somebody wrote down, once it is certain that what is decided on it can be stored and read again, or
 * `InvalidInput` with the path of its first fault. It is not trimmed, and has no limits: a ledger sees to that before.
 */
export const checkedCommand = (given: unknown): Parsed<Command> => {
  const copy = copyOf(given)
  if (E.isLeft(copy)) return copy
  const command = copy.right
  const tag = isFields(command) ? command['_tag'] : undefined
  if (!isFields(command) || typeof tag !== 'string' || !Object.hasOwn(codecs, tag)) {
    return E.left(invalidInput('$._tag must be that of a command', '$._tag'))
  }
  const codec: Pick<t.Mixed, 'is' | 'decode'> = codecs[tag as Command['_tag']]
  if (!codec.is(command)) {
    const decoded = codec.decode(command)
    const path = E.isLeft(decoded) ? faultPath(decoded.left) : '$'
    return E.left(invalidInput(`the command ${tag} is not valid at ${path}`, path))
  }
  for (const name of copied) {
    const fault = command[name] === undefined ? undefined : jsonFault(withoutAbsent(command[name]), `$.${name}`)
    if (fault !== undefined) return E.left(fault)
  }
  // JSON through and through: nothing inside it may be absent
  const fault = command['data'] === undefined ? undefined : jsonFault(command['data'], '$.data')
  return fault === undefined ? E.right(command as Command) : E.left(fault)
}
