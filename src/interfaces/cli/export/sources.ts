import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { TaskLedger } from '../../../application/ledger.ts'
import type { Failure } from '../../../domain/failure.ts'
import type { IdempotencyRecord } from '../../../domain/record.ts'
import { type Cli, stopped, unlessStopped } from '../cli.ts'
import type { ScanFindings } from '../shape/scan-findings.ts'
import { plainJson } from '../terminal/json-text.ts'
import { counter } from '../terminal/progress.ts'
import { each } from '../terminal/view.ts'
import { type Doubts, doubtsIn } from './doubts.ts'
import { eventTable } from './event-rows.ts'
import { type Fill, fillWith } from './fill.ts'
import { type ExportFormat, type LineFormat, linesIn } from './lines.ts'
import { recordTable } from './record-rows.ts'

export type ExportOptions = {
  readonly org?: string
  readonly workspace?: string
  readonly operation?: string
  readonly from?: number
  readonly until?: number
  readonly toStdout: boolean
}

/** A text to be put somewhere, how many things it is of, once it is put, and the doubts that it has no place for. */
export type Source = { readonly fill: Fill; readonly count: () => number; readonly doubts: Doubts }

const some = 1000

function* inTurn<A>(head: string, all: ReadonlyArray<A>, text: (some: ReadonlyArray<A>) => string): Generator<string> {
  yield head
  for (let at = 0; at < all.length; at += some) yield text(all.slice(at, at + some))
}

/** The records that are held and were seen last in the time that was asked for. All of them are at hand at once. */
export const recordSource = (
  cli: Cli,
  ledger: TaskLedger,
  format: ExportFormat,
  { org, workspace, operation, from, until, toStdout }: ExportOptions,
  { filter }: ScanFindings
): TE.TaskEither<Failure, Source> =>
  pipe(
    unlessStopped(cli.signal)(
      ledger.list({ orgId: org, workspaceId: workspace, operation, seenFromMs: from, ...filter })
    ),
    TE.map((found) => {
      const { deps } = cli
      const records: ReadonlyArray<IdempotencyRecord> =
        until === undefined ? found : found.filter(({ lastSeenAtMs }) => lastSeenAtMs < until)
      const count = (): number => records.length
      if (format === 'file') {
        const pieces = deps.writeRecords(records)
        // on a terminal no text of a record may drive it
        const fill = fillWith(toStdout && deps.stdout.isTTY === true ? each(pieces, plainJson) : pieces)
        return { fill, count, doubts: doubtsIn(records) }
      }
      const lines = linesIn(deps, format, recordTable(deps.toFileRecord), toStdout)
      return { fill: fillWith(inTurn(lines.head, records, lines.of)), count, doubts: doubtsIn([]) }
    })
  )

/** The events that the store recorded in the time that was asked for, a page at a time. */
export const eventSource = (
  cli: Cli,
  ledger: TaskLedger,
  format: LineFormat,
  { org, workspace, operation, from, until, toStdout }: ExportOptions,
  { filter }: ScanFindings
): Source => {
  const lines = linesIn(cli.deps, format, eventTable, toStdout)
  let count = 0
  const fill: Fill = (put) => async () => {
    if (lines.head !== '' && !(await put(lines.head))) return E.right(false)
    const bar = counter(cli.deps, 'exporting', 'events')
    const read = await ledger
      .events({
        orgId: org,
        workspaceId: workspace,
        operation,
        fromMs: from,
        untilMs: until,
        ...filter,
        signal: cli.signal,
        onEvents: (entries) => {
          count += entries.length
          bar.at(count)
          return put(lines.of(entries))
        }
      })()
      .finally(bar.stop)
    if (E.isLeft(read)) return cli.signal.aborted ? E.left(stopped) : read
    return E.right(read.right.ended === 'done')
  }
  return { fill, count: () => count, doubts: doubtsIn([]) }
}
