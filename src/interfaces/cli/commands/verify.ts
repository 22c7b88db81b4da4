import type { Command } from 'commander'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Verified } from '../../../application/use-cases/audit/verify/report.ts'
import { type Cli, type Shared, stopped } from '../cli.ts'
import { exit } from '../errors/exit-codes.ts'
import { someKey } from '../input/find-key.ts'
import { type KeyRefOptions, keyRefOptions, someKeyRefFrom } from '../options/key-ref.ts'
import { shared } from '../options/shared.ts'
import { count, duration } from '../options/values.ts'
import { findingHead, findingJson, findingRow } from '../shape/audit.ts'
import { counted } from '../terminal/counted.ts'
import { counter } from '../terminal/progress.ts'
import { each, headline, type Report, table } from '../terminal/view.ts'

type Options = Shared &
  KeyRefOptions & {
    readonly after?: string
    readonly parallel?: number
    readonly tolerance?: number
  }

/** A key of which there is no event: most often its name is mistyped, and nothing was judged. */
const isUnseen = ({ events, findingCount }: Verified): boolean => events === 0 && findingCount === 0

const summary = ({ events, keys, findingCount }: Verified): string =>
  `${findingCount === 0 ? 'sound' : counted(findingCount, 'finding')}: ${counted(events, 'event')}, with the beginning of ${counted(keys, 'key')}`

const more = ({ findings, findingCount }: Verified): ReadonlyArray<string> =>
  findingCount > findings.length ? [`… and ${findingCount - findings.length} more findings`] : []

const notes = (verified: Verified): ReadonlyArray<string> => [
  ...(verified.snapshotsNotJudged > 0
    ? [`${verified.snapshotsNotJudged} snapshots of another build were not judged`]
    : []),
  ...(verified.foreignEvents > 0 ? [`${counted(verified.foreignEvents, 'event')} of no stream of the ledger`] : [])
]

const report =
  (isNamed: boolean) =>
  (verified: Verified): Report => ({
    json: {
      events: verified.events,
      keys: verified.keys,
      findings: each(verified.findings, findingJson),
      finding_count: verified.findingCount,
      snapshots_not_judged: verified.snapshotsNotJudged,
      foreign_events: verified.foreignEvents,
      next: verified.next === undefined || verified.next === 'start' ? null : verified.next
    },
    views: [
      isNamed && isUnseen(verified)
        ? headline('never seen: there is no event of the key, and nothing was verified', 'bad')
        : headline(summary(verified), verified.findingCount === 0 ? 'good' : 'bad'),
      ...notes(verified).map((note) => headline(note, 'quiet')),
      ...(verified.findings.length === 0 ? [] : [table(findingHead, each(verified.findings, findingRow))]),
      ...more(verified).map((line) => headline(line, 'bad'))
    ]
  })

export const verifyCommand = (cli: Cli, command: Command): void => {
  keyRefOptions(shared(command))
    .option('--after <position>', 'go on where another run got to')
    .option('--parallel <number>', 'how many keys are read back at once (default: 8)', count)
    .option('--tolerance <length>', 'how far the store’s clock may go back (default: 1s)', duration)
    .action(() => {
      const options = command.optsWithGlobals<Options>()
      const given = someKeyRefFrom(options, command)
      // after a position there may be nothing left of a key
      const isNamed = given !== undefined && options.after === undefined
      let reached: string | undefined
      return cli.answer(options, false, (ledger) =>
        pipe(
          someKey(cli, ledger, given),
          TE.flatMap((of) => async () => {
            const bar = counter(cli.deps, 'verifying', 'events')
            return ledger
              .verify({
                of,
                after: options.after,
                parallel: options.parallel,
                toleranceMs: options.tolerance,
                onProgress: ({ events, next }) => {
                  reached = next
                  bar.at(events)
                },
                signal: cli.signal
              })()
              .finally(bar.stop)
          }),
          TE.mapLeft((failed) => (cli.signal.aborted ? stopped : failed)),
          TE.orElseFirstTaskK(() => async () => {
            if (reached !== undefined)
              await cli.remark([`all up to position ${reached} was looked at: --after ${reached}`])
          }),
          TE.tapTask((verified) => async () => {
            if (verified.findingCount > 0 || (isNamed && isUnseen(verified))) await cli.remark([], exit.findings)
          }),
          TE.map(report(isNamed))
        )
      )
    })
}
