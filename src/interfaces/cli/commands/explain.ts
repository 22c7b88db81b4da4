import type { Command } from 'commander'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Explained } from '../../../domain/audit/explain.ts'
import { type Cli, type Shared, unlessStopped } from '../cli.ts'
import type { CliDeps } from '../deps.ts'
import { type KeyOptions, keyFrom, keyOptions } from '../options/key.ts'
import { type MomentOptions, momentFrom, momentOptions } from '../options/moment.ts'
import { fingerprintFrom, type PayloadOptions, payloadOptions } from '../options/payload.ts'
import { shared } from '../options/shared.ts'
import { type NowOption, nowOption } from '../options/time.ts'
import { lease } from '../options/values.ts'
import { explainedJson, proposedJson } from '../shape/audit.ts'
import { recordRows, resultNames } from '../shape/reports.ts'
import { snakeCase } from '../shape/snake-case.ts'
import { fields, headline, type Report } from '../terminal/view.ts'

type Options = Shared &
  KeyOptions &
  NowOption &
  MomentOptions &
  PayloadOptions & { readonly owner: string; readonly lease: number | 'none'; readonly claimId?: string }

/** The reason ends with what is answered, often in that very word. */
const headOf = (result: string, why: string): string => (why.endsWith(`: ${result}`) ? why : `${result}: ${why}`)

const report = (deps: CliDeps, { row, why, answer, events }: Explained): Report => {
  const record = answer._tag === 'Gone' ? answer.previous : answer.record
  return {
    json: { row: snakeCase(row), why, ...explainedJson(deps, answer), events: events.map(proposedJson) },
    views: [headline(headOf(resultNames[answer._tag], why)), fields(recordRows(deps, record))]
  }
}

export const explainCommand = (cli: Cli, command: Command): void => {
  payloadOptions(
    momentOptions(nowOption(keyOptions(shared(command)), 'the moment itself')).requiredOption(
      '--owner <name>',
      'who would do the work'
    )
  )
    .option('--lease <length>', 'the lease that would be asked for: 30s, 5m, …, or none', lease, 'none')
    .option('--claim-id <id>', 'as whose retry it would come')
    .action(() => {
      const options = command.optsWithGlobals<Options>()
      const at = momentFrom(command, options.at, options.revision)
      const fingerprint = fingerprintFrom(cli, options, command)
      return cli.answer(options, false, (ledger) =>
        pipe(
          fingerprint,
          TE.flatMap((requestFingerprint) =>
            unlessStopped(cli.signal)(
              ledger.explain({
                ...keyFrom(options),
                owner: options.owner,
                requestFingerprint,
                lease: options.lease,
                claimId: options.claimId,
                nowMs: options.now,
                at
              })
            )
          ),
          TE.map((explained) => report(cli.deps, explained))
        )
      )
    })
}
