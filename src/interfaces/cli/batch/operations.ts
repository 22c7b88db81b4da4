import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { TaskLedger } from '../../../application/ledger.ts'
import { leaseOrLeftOut } from '../../../application/requests/lease-length.ts'
import { defaultLimits } from '../../../application/settings.ts'
import { type Parsed, refused } from '../../../domain/parsing/parsed.ts'
import type { IdempotencyRecord } from '../../../domain/record.ts'
import type { CliDeps } from '../deps.ts'
import type { Fields } from '../shape/fields.ts'
import { claimJson, holdJson, progressJson } from '../shape/json.ts'
import { resultNames, unrecordedJson } from '../shape/reports.ts'
import { readKey, readOutcome, readTenant } from '../shape/requests.ts'
import { holderOperations } from './holder-operations.ts'
import { claim, nothing, nowMs, type Operation, reachOfClaim, reachOfKey, run, taking } from './operation.ts'
import { readingOperations } from './reading-operations.ts'

const outcome = (line: Fields) => pipe(line.object('outcome'), E.flatMap(readOutcome))

/** The two forms of complete are told apart by `claim` alone: one that names both means neither for certain. */
const eitherClaimOrKey = (line: Fields): Parsed<'claim' | 'key'> => {
  const byKey = ['tenant', 'operation', 'key'].some(line.has)
  if (line.has('claim') !== byKey) return E.right(byKey ? 'key' : 'claim')
  return refused('give either $.claim, or $.tenant, $.operation and $.key', '$.claim')
}

/** The operations of the batch protocol (SPEC section 13), by name. */
export const operations = (
  deps: Pick<CliDeps, 'toFileRecord' | 'recordId' | 'fingerprint'>,
  ledger: TaskLedger
): ReadonlyMap<string, Operation> => {
  const orNull = (record: IdempotencyRecord | undefined) => (record === undefined ? null : deps.toFileRecord(record))

  const reserve: Operation['answer'] = (line) =>
    run(
      pipe(
        readKey(line),
        E.bind('owner', () => line.text('owner')),
        E.bind('requestFingerprint', () => line.text('request_fingerprint')),
        E.bind('firstSeenEventId', () => line.optionalText('first_seen_event_id')),
        E.bind('expiresAtMs', () => line.optionalNumber('expires_at_ms')),
        E.bind('retentionMs', () => line.optionalNumber('retention_ms')),
        E.bind('leaseMs', () => line.read('lease_ms', leaseOrLeftOut)),
        E.bind('claimId', () => line.optionalText('claim_id')),
        E.bind('nowMs', () => nowMs(line))
      ),
      ({ leaseMs, ...request }) =>
        pipe(
          ledger.reserve({ ...request, lease: leaseMs ?? 'none' }),
          TE.map((answer) => ({
            result: resultNames[answer._tag],
            record: deps.toFileRecord(answer._tag === 'Gone' ? answer.previous : answer.record),
            ...(answer._tag === 'Reserved' ? { claim: claimJson(answer.claim) } : {}),
            ...(answer._tag === 'Reserved' && answer.takeover ? { takeover: true } : {}),
            ...(answer._tag === 'Gone' ? {} : { ...holdJson(answer.record), ...progressJson(answer.record) }),
            ...unrecordedJson(answer)
          }))
        )
    )

  const completeByKey: Operation['answer'] = (line) =>
    run(
      pipe(
        readKey(line),
        E.bind('outcome', () => outcome(line)),
        E.bind('nowMs', () => nowMs(line))
      ),
      (request) =>
        pipe(
          ledger.completeByKey(request),
          TE.map(({ record }) => ({ record: orNull(record) }))
        )
    )

  const completeFenced: Operation['answer'] = (line) =>
    run(
      pipe(
        E.Do,
        E.bind('claim', () => claim(line)),
        E.bind('outcome', () => outcome(line)),
        E.bind('nowMs', () => nowMs(line))
      ),
      (request) =>
        pipe(
          ledger.complete(request),
          TE.map(({ _tag, record }) => ({ result: resultNames[_tag], record: orNull(record), ...holdJson(record) }))
        )
    )

  const get: Operation['answer'] = (line) =>
    run(readKey(line), (key) =>
      pipe(
        ledger.get(key),
        TE.map((record) => ({ record: orNull(record), ...progressJson(record) }))
      )
    )

  const recordId: Operation['answer'] = (line) =>
    run(
      pipe(
        E.Do,
        E.bind('tenant', () => pipe(line.object('tenant'), E.flatMap(readTenant))),
        E.bind('operation', () => line.text('operation')),
        E.bind('key', () => line.text('key'))
      ),
      ({ tenant, operation, key }) =>
        pipe(
          TE.fromEither(deps.recordId(tenant, operation, key)),
          TE.map((id) => ({ record_id: id }))
        )
    )

  const fingerprint: Operation['answer'] = (line) =>
    run(line.texts('parts'), (parts) =>
      pipe(
        TE.fromEither(deps.fingerprint(parts)),
        TE.map((made) => ({ fingerprint: made }))
      )
    )

  const key = ['tenant', 'operation', 'key']
  const reserving = [
    ...key,
    'owner',
    'request_fingerprint',
    'first_seen_event_id',
    'now_ms',
    'expires_at_ms',
    'retention_ms',
    'lease_ms',
    'claim_id'
  ]
  const ofKey = reachOfKey(deps)
  return new Map<string, Operation>([
    ['reserve', taking(reserving, ofKey, reserve)],
    [
      'complete',
      taking(
        [...key, 'claim', 'outcome', 'now_ms'],
        (line) => (line.has('claim') ? reachOfClaim : ofKey)(line),
        (line) => run(eitherClaimOrKey(line), (by) => (by === 'claim' ? completeFenced : completeByKey)(line))
      )
    ],
    ...holderOperations(deps, ledger),
    ['get', taking(key, ofKey, get, defaultLimits.outcomeBytes)],
    ...readingOperations(deps, ledger, ofKey),
    ['record_id', taking(key, () => nothing, recordId)],
    ['fingerprint', taking(['parts'], () => nothing, fingerprint)]
  ])
}
