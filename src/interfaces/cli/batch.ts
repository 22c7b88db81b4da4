import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { TaskLedger } from '../../application/ledger.ts'
import type { Claim } from '../../domain/claim.ts'
import { type Failure, invalidInput } from '../../domain/failure.ts'
import type { Json } from '../../domain/json.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import type { OutcomeInput, TenantInput } from '../../domain/requests.ts'
import type { Tools } from './tools.ts'

type Answer = { readonly [name: string]: Json | undefined }
type Fields = { readonly [name: string]: Json | undefined }

const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A member of the line, null like absent. Its type is judged by the ledger, which knows what it wants. */
const given = <A>(fields: Fields, name: string): A | undefined => (fields[name] ?? undefined) as A | undefined

const tenantOf = (value: Json | undefined): TenantInput => {
  if (!isObject(value)) return value as never
  return {
    orgId: value['org_id'] as string,
    workspaceId: value['workspace_id'] as string,
    deploymentId: given(value, 'deployment_id'),
    actorId: given(value, 'actor_id'),
    source: given(value, 'source')
  }
}

const outcomeOf = (value: Json | undefined): OutcomeInput => {
  if (!isObject(value)) return value as never
  return {
    outcomeKind: value['outcome_kind'] as string,
    completedAtMs: given(value, 'completed_at_ms'),
    primaryRefKind: given(value, 'primary_ref_kind'),
    primaryRefId: given(value, 'primary_ref_id'),
    secondaryRefKind: given(value, 'secondary_ref_kind'),
    secondaryRefId: given(value, 'secondary_ref_id'),
    details: value['details'] ?? null
  }
}

const claimOf = (value: Json | undefined): Claim =>
  isObject(value)
    ? {
        recordId: value['record_id'] as string,
        epoch: value['epoch'] as number,
        claimId: value['claim_id'] as string
      }
    : (value as never)

export const claimToFile = ({ recordId, epoch, claimId }: Claim): { readonly [name: string]: Json } => ({
  record_id: recordId,
  epoch,
  claim_id: claimId
})

const results: { readonly [tag: string]: string } = {
  Reserved: 'reserved',
  Duplicate: 'duplicate',
  Conflict: 'conflict',
  Gone: 'gone',
  Completed: 'completed',
  AlreadyCompleted: 'already_completed',
  ClaimLost: 'claim_lost',
  Released: 'released',
  Renewed: 'renewed'
}

/** What the ledger calls a field, as the line calls it. */
const snake = (text: string): string =>
  text.replaceAll(/\$[\w.[\]"]*/g, (path) => path.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))

export const errorAnswer = ({ _tag, message }: Failure): Answer => ({ error: { tag: _tag, message: snake(message) } })

type Command = (fields: Fields, ledger: TaskLedger) => TE.TaskEither<Failure, Answer>

const commands = (tools: Tools): { readonly [op: string]: Command } => {
  const record = (value: IdempotencyRecord | undefined): Json =>
    value === undefined ? null : tools.toFileRecord(value)
  const keyOf = (fields: Fields) => ({
    tenant: tenantOf(fields['tenant']),
    operation: fields['operation'] as string,
    key: fields['key'] as string
  })
  const nowMs = (fields: Fields): number | undefined => given(fields, 'now_ms')
  return {
    reserve: (fields, ledger) =>
      pipe(
        ledger.reserve({
          ...keyOf(fields),
          owner: fields['owner'] as string,
          requestFingerprint: fields['request_fingerprint'] as string,
          firstSeenEventId: given(fields, 'first_seen_event_id'),
          expiresAtMs: given(fields, 'expires_at_ms'),
          lease: given(fields, 'lease_ms') ?? 'none',
          claimId: given(fields, 'claim_id'),
          nowMs: nowMs(fields)
        }),
        TE.map((answer) => ({
          result: results[answer._tag],
          record: record(answer._tag === 'Gone' ? answer.previous : answer.record),
          ...(answer._tag === 'Reserved' ? { claim: claimToFile(answer.claim) } : {}),
          ...(answer._tag === 'Reserved' && answer.takeover ? { takeover: true } : {})
        }))
      ),
    complete: (fields, ledger) => {
      const outcome = outcomeOf(fields['outcome'])
      if (fields['claim'] === undefined) {
        return pipe(
          ledger.completeByKey({ ...keyOf(fields), outcome, nowMs: nowMs(fields) }),
          TE.map((answer) => ({ record: record(answer.record) }))
        )
      }
      return pipe(
        ledger.complete({ claim: claimOf(fields['claim']), outcome, nowMs: nowMs(fields) }),
        TE.map((answer) => ({ result: results[answer._tag], record: record(answer.record) }))
      )
    },
    release: (fields, ledger) =>
      pipe(
        ledger.release({ claim: claimOf(fields['claim']), nowMs: nowMs(fields), note: given(fields, 'note') }),
        TE.map((answer) => ({
          result: results[answer._tag],
          ...(answer.record === undefined ? {} : { record: record(answer.record) })
        }))
      ),
    renew: (fields, ledger) =>
      pipe(
        ledger.renew({
          claim: claimOf(fields['claim']),
          leaseMs: fields['lease_ms'] as number,
          nowMs: nowMs(fields)
        }),
        TE.map((answer) => ({
          result: results[answer._tag],
          ...(answer._tag === 'Renewed' ? { lease_expires_at_ms: answer.leaseExpiresAtMs } : {})
        }))
      ),
    get: (fields, ledger) =>
      pipe(
        ledger.get(keyOf(fields)),
        TE.map((found) => ({ record: record(found) }))
      ),
    record_id: (fields) => {
      const { tenant, operation, key } = keyOf(fields)
      return TE.fromEither(E.map((id: string) => ({ record_id: id }))(tools.recordId(tenant, operation, key)))
    },
    fingerprint: (fields) =>
      Array.isArray(fields['parts'])
        ? TE.fromEither(
            E.map((fingerprint: string) => ({ fingerprint }))(
              tools.fingerprint(fields['parts'] as ReadonlyArray<string>)
            )
          )
        : TE.left(invalidInput('$.parts must be a list of strings', '$.parts'))
  }
}

/** Answers one line of the batch protocol (SPEC section 13). Never fails: what goes wrong is an error answer. */
export const batchAnswerer = (tools: Tools, ledger: TaskLedger): ((line: string) => Promise<string>) => {
  const known = commands(tools)
  const answer = async (line: string): Promise<Answer> => {
    const parsed = tools.parseJson(line)
    if (E.isLeft(parsed)) return errorAnswer(parsed.left)
    if (!isObject(parsed.right)) return errorAnswer(invalidInput('a line must be a JSON object', '$'))
    const { op } = parsed.right
    const command = typeof op === 'string' && Object.hasOwn(known, op) ? known[op] : undefined
    if (command === undefined) return errorAnswer(invalidInput('$.op is no command of batch', '$.op'))
    const result = await command(parsed.right, ledger)()
    return E.isLeft(result) ? errorAnswer(result.left) : result.right
  }
  return async (line) => JSON.stringify(await answer(line))
}
