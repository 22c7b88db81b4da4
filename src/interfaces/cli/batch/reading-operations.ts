import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { TaskLedger } from '../../../application/ledger.ts'
import { recordId } from '../../../application/requests/claim.ts'
import { Millis } from '../../../domain/instant.ts'
import { both, matching, nullable, oneOf } from '../../../domain/parsing/parsed.ts'
import { string } from '../../../domain/parsing/values.ts'
import type { Status } from '../../../domain/record.ts'
import type { CliDeps } from '../deps.ts'
import { eventJson, recordJson } from '../shape/json.ts'
import { readKey } from '../shape/requests.ts'
import { scanFindings } from '../shape/scan-findings.ts'
import { all, type Operation, run, taking } from './operation.ts'
import { limitOf, mostText, pageOf } from './page.ts'

const revision = matching(Millis.is, 'must be a whole number from 0 on')

const status = nullable(both(string, oneOf<Status>('reserved', 'completed', 'conflicted')))

/** What can be read of more than one record, or more than a record, by name. It comes in pages. */
export const readingOperations = (
  { toFileRecord }: Pick<CliDeps, 'toFileRecord'>,
  ledger: Pick<TaskLedger, 'list' | 'history'>,
  ofKey: Operation['reach']
): ReadonlyArray<readonly [op: string, Operation]> => {
  const list: Operation['answer'] = (line) =>
    run(
      pipe(
        E.Do,
        E.bind('orgId', () => line.optionalText('org_id')),
        E.bind('workspaceId', () => line.optionalText('workspace_id')),
        E.bind('operation', () => line.optionalText('operation')),
        E.bind('owner', () => line.optionalText('owner')),
        E.bind('status', () => line.read('status', status)),
        E.bind('seenFromMs', () => line.optionalNumber('seen_from_ms')),
        E.bind('stuckAtMs', () => line.optionalNumber('stuck_at_ms')),
        E.bind('after', () => line.read('after_record_id', nullable(recordId))),
        E.bind('limit', () => limitOf(line))
      ),
      ({ after = '', limit, ...filter }) => {
        const findings = scanFindings(false)
        return pipe(
          ledger.list({ ...filter, ...findings.filter }),
          TE.map((found) => {
            const { page, next } = pageOf(
              found.filter(({ recordId }) => recordId > after),
              limit,
              recordJson(toFileRecord),
              ({ recordId }) => recordId
            )
            return { records: page, found: found.length, ...next, ...findings.json() }
          })
        )
      }
    )

  const history: Operation['answer'] = (line) =>
    run(
      pipe(
        readKey(line),
        E.bind('after', () => line.read('after_revision', nullable(revision))),
        E.bind('limit', () => limitOf(line))
      ),
      ({ after = -1, limit, ...key }) =>
        pipe(
          ledger.history(key),
          TE.map((entries) => {
            const { page, next } = pageOf(
              entries.filter(({ revision }) => revision > after),
              limit,
              eventJson,
              ({ revision }) => Number(revision)
            )
            return { events: page, found: entries.length, ...next }
          })
        )
    )

  const filters = ['org_id', 'workspace_id', 'operation', 'owner', 'status', 'seen_from_ms', 'stuck_at_ms']
  return [
    ['list', taking([...filters, 'after_record_id', 'limit'], () => all, list, mostText)],
    ['history', taking(['tenant', 'operation', 'key', 'after_revision', 'limit'], ofKey, history, mostText)]
  ]
}
