import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { TaskLedger } from '../../../application/ledger.ts'
import type { JsonObject } from '../../../domain/json.ts'
import type { IdempotencyRecord } from '../../../domain/record.ts'
import type { CliDeps } from '../deps.ts'
import { holdJson, progressJson } from '../shape/json.ts'
import { resultNames } from '../shape/reports.ts'
import { claim, nowMs, type Operation, reachOfClaim, run, taking } from './operation.ts'

/** What the holder of a claim may say beside its outcome (SPEC section 13), by name. */
export const holderOperations = (
  { toFileRecord }: Pick<CliDeps, 'toFileRecord'>,
  ledger: TaskLedger
): ReadonlyArray<readonly [op: string, Operation]> => {
  const ifAny = (record: IdempotencyRecord | undefined): JsonObject =>
    record === undefined ? {} : { record: toFileRecord(record) }

  const release: Operation['answer'] = (line) =>
    run(
      pipe(
        E.Do,
        E.bind('claim', () => claim(line)),
        E.bind('nowMs', () => nowMs(line))
      ),
      (request) =>
        pipe(
          ledger.release(request),
          TE.map(({ _tag, record }) => ({ result: resultNames[_tag], ...ifAny(record) }))
        )
    )

  const renew: Operation['answer'] = (line) =>
    run(
      pipe(
        E.Do,
        E.bind('claim', () => claim(line)),
        E.bind('leaseMs', () => line.number('lease_ms')),
        E.bind('nowMs', () => nowMs(line))
      ),
      (request) =>
        pipe(
          ledger.renew(request),
          TE.map(
            (answer): JsonObject => ({
              result: resultNames[answer._tag],
              ...holdJson(answer.record),
              ...(answer._tag === 'Renewed' ? { lease_expires_at_ms: answer.leaseExpiresAtMs } : {}),
              ...ifAny(answer.record)
            })
          )
        )
    )

  const recoveryPoint: Operation['answer'] = (line) =>
    run(
      pipe(
        E.Do,
        E.bind('claim', () => claim(line)),
        E.bind('name', () => line.text('name')),
        E.bind('nowMs', () => nowMs(line))
      ),
      (request) =>
        pipe(
          ledger.reachRecoveryPoint({ ...request, data: line.json('data') }),
          TE.map(({ _tag, record }) => ({
            result: resultNames[_tag],
            ...ifAny(record),
            ...holdJson(record),
            ...progressJson(record)
          }))
        )
    )

  const markInDoubt: Operation['answer'] = (line) =>
    run(
      pipe(
        E.Do,
        E.bind('claim', () => claim(line)),
        E.bind('note', () => line.optionalText('note')),
        E.bind('nowMs', () => nowMs(line))
      ),
      (request) =>
        pipe(
          ledger.markInDoubt(request),
          TE.map(({ _tag, record }) => ({
            result: resultNames[_tag],
            ...ifAny(record),
            ...holdJson(record),
            ...progressJson(record)
          }))
        )
    )

  return [
    ['release', taking(['claim', 'now_ms'], reachOfClaim, release)],
    ['renew', taking(['claim', 'lease_ms', 'now_ms'], reachOfClaim, renew)],
    ['recovery_point', taking(['claim', 'name', 'data', 'now_ms'], reachOfClaim, recoveryPoint)],
    ['mark_in_doubt', taking(['claim', 'note', 'now_ms'], reachOfClaim, markInDoubt)]
  ]
}
