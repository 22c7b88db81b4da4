import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { TaskLedger } from '../../../application/ledger.ts'
import type { JsonObject } from '../../../domain/json.ts'
import type { IdempotencyRecord } from '../../../domain/record.ts'
import type { CliDeps } from '../deps.ts'
import { progressJson } from '../shape/json.ts'
import { resultNames } from '../shape/reports.ts'
import { claim, nowMs, type Operation, run, taking } from './operation.ts'

/** What the holder of a claim may say beside its outcome (SPEC section 13), by name. */
export const holderOperations = (
  { toFileRecord }: Pick<CliDeps, 'toFileRecord'>,
  ledger: TaskLedger
): ReadonlyArray<readonly [op: string, Operation]> => {
  const ifAny = (record: IdempotencyRecord | undefined): JsonObject =>
    record === undefined ? {} : { record: toFileRecord(record) }

  const release: Operation = (line) =>
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

  const renew: Operation = (line) =>
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
              ...(answer._tag === 'Renewed' ? { lease_expires_at_ms: answer.leaseExpiresAtMs } : {}),
              ...ifAny(answer.record)
            })
          )
        )
    )

  const recoveryPoint: Operation = (line) =>
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
          TE.map(({ _tag, record }) => ({ result: resultNames[_tag], ...ifAny(record), ...progressJson(record) }))
        )
    )

  const markInDoubt: Operation = (line) =>
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
          TE.map(({ _tag, record }) => ({ result: resultNames[_tag], ...ifAny(record), ...progressJson(record) }))
        )
    )

  return [
    ['release', taking(['claim', 'now_ms'], release)],
    ['renew', taking(['claim', 'lease_ms', 'now_ms'], renew)],
    ['recovery_point', taking(['claim', 'name', 'data', 'now_ms'], recoveryPoint)],
    ['mark_in_doubt', taking(['claim', 'note', 'now_ms'], markInDoubt)]
  ]
}
