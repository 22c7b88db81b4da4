import * as E from 'fp-ts/Either'
import type { Millis } from '../../domain/instant.ts'
import { having } from '../../domain/parsing/having.ts'
import {
  both,
  keeping,
  mismatch,
  oneOf,
  optional,
  type Parsed,
  type Parser,
  refused
} from '../../domain/parsing/parsed.ts'
import { reading } from '../../domain/parsing/reading.ts'
import { func, isFunction, isMembers, millis } from '../../domain/parsing/values.ts'
import type { ReserveAllRequest } from '../requests/requests.ts'
import { signal } from '../requests/signal.ts'
import { fixFingerprint } from './fix-fingerprint.ts'
import { type OnceKey, type OnceRules, onceKeyMembers, type Work } from './once-options.ts'
import { isResultCodec } from './result-codec.ts'
import { leastOutcomeBytes } from './stored-result.ts'
import type { Surroundings } from './surroundings.ts'

const inFlight: Parser<unknown> = (path, value) =>
  isMembers(value) ? millis(`${path}.wait`, value['wait']) : oneOf('reject')(path, value)

const longerThan =
  (skewMs: number): Parser<Millis> =>
  (path, value) => {
    const length = millis(path, value)
    if (E.isLeft(length)) return length
    // with no more than the skew nobody could ever know that a lease is held
    return length.right > skewMs ? length : mismatch(path, `must be longer than the clock skew of ${skewMs} ms`, value)
  }

const hasFunctions =
  (...names: ReadonlyArray<string>) =>
  (given: unknown): boolean =>
    (isMembers(given) || isFunction(given)) && names.every((name) => isFunction(Reflect.get(given, name)))

const isTimer = hasFunctions('monotonicMs', 'sleep')
const isRandom = hasFunctions('uuid', 'fraction')

const rulesOf = (clockSkewMs: number) =>
  having({
    lease: longerThan(clockSkewMs),
    inFlight: optional(inFlight),
    result: optional(keeping(isResultCodec, 'must be an io-ts type or a Standard Schema')),
    maxDurationMs: optional(millis),
    signal: optional(signal),
    clock: optional(func),
    timer: optional(keeping(isTimer, 'must have the functions monotonicMs and sleep')),
    chance: optional(keeping(isRandom, 'must have the functions uuid and fraction'))
  })

const onceKey = both(
  onceKeyMembers,
  keeping(isMembers, 'must be an object with tenant, operation, key and requestFingerprint')
)

const toRequest = (
  { sha256, random }: Surroundings,
  rules: Omit<OnceRules<never>, 'result'>,
  given: OnceKey,
  path: string
): Parsed<ReserveAllRequest> => {
  const known = onceKey(path, given)
  if (E.isLeft(known)) return known
  const { tenant, operation, key, requestFingerprint, claimId, firstSeenEventId } = given
  const fixed = fixFingerprint(sha256, requestFingerprint, `${path}.requestFingerprint`)
  if (E.isLeft(fixed)) return fixed
  const { owner, lease, expiresAtMs, retentionMs, actor, correlationId, causationId } = rules
  return E.right({
    tenant: isMembers(tenant) ? { ...tenant } : tenant,
    operation,
    key,
    owner,
    requestFingerprint: fixed.right,
    lease,
    expiresAtMs,
    retentionMs,
    // fixed here, so that a reserve in doubt can be asked again
    claimId: claimId === undefined ? random.uuid() : claimId,
    firstSeenEventId,
    actor,
    correlationId,
    causationId,
    signal: rules.signal
  })
}

type Requests = readonly [ReserveAllRequest, ...Array<ReserveAllRequest>]

/** A task whose identity is fixed: what its options say from now on changes nothing. */
export type FixedWork<A, E> = Work<A, E> & { readonly requests: Requests }

/** Checks what only `once` knows, and fixes identity and fingerprint. The rest is checked by the reserve. */
export const parseWork = <A, E>(surroundings: Surroundings, work: Work<A, E>): Parsed<FixedWork<A, E>> =>
  reading('$', () => {
    const { maxValues } = surroundings
    if (maxValues < leastOutcomeBytes) {
      // the effect would have happened, and nothing could be stored of it
      const message = `$.ledger takes outcomes of ${maxValues} bytes at most, and how a task ended may need ${leastOutcomeBytes}`
      return refused(message, '$.ledger')
    }
    const rules = rulesOf(surroundings.clockSkewMs)('$', work.rules)
    if (E.isLeft(rules)) return rules
    if (!Array.isArray(work.keys)) return mismatch('$.keys', 'must be a list of keys', work.keys)
    const requests: Array<ReserveAllRequest> = []
    for (const [index, key] of work.keys.entries()) {
      const path = work.pathOf(index)
      const request = reading(path, () => toRequest(surroundings, work.rules, key, path))
      if (E.isLeft(request)) return request
      requests.push(request.right)
    }
    const [first, ...others] = requests
    return first === undefined
      ? refused('$.keys must name at least one key', '$.keys')
      : E.right({ ...work, requests: [first, ...others] })
  })
