import type { Command } from 'commander'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Failure } from '../../../domain/failure.ts'
import type { Cli, Shared } from '../cli.ts'
import { jsonValue } from '../options/json-value.ts'
import { type KeyOptions, keyFrom, keyOptions } from '../options/key.ts'
import { shared } from '../options/shared.ts'
import { type NowOption, nowOption, type RetentionOptions, retentionOptions } from '../options/time.ts'
import { lease } from '../options/values.ts'
import { answerReport } from '../shape/reports.ts'

type Options = Shared &
  KeyOptions &
  NowOption &
  RetentionOptions & {
    readonly owner: string
    readonly fingerprint?: string
    readonly payload?: string
    readonly lease: number | 'none'
    readonly claimId?: string
    readonly eventId?: string
  }

const fingerprintFrom = (cli: Cli, options: Options, command: Command): TE.TaskEither<Failure, string> => {
  const { fingerprint, payload } = options
  if (fingerprint !== undefined && payload === undefined) return TE.right(fingerprint)
  if (fingerprint !== undefined || payload === undefined) {
    return command.error('error: give either --fingerprint or --payload')
  }
  return pipe(jsonValue(cli.deps, payload, '--payload'), TE.flatMapEither(cli.deps.jsonFingerprint))
}

export const reserveCommand = (cli: Cli): void => {
  const command = cli.program.command('reserve').description('ask whether a request was seen before, and claim its key')
  retentionOptions(nowOption(keyOptions(shared(command))))
    .requiredOption('--owner <name>', 'who would do the work')
    .option('--fingerprint <text>', 'what tells this request from another one under the same key')
    .option('--payload <json>', 'the request itself, to be fingerprinted; @FILE and @- read it')
    .requiredOption('--lease <length>', 'how long a crashed holder blocks the key: 30s, 5m, …, or none', lease)
    .option('--claim-id <id>', 'present it again to retry this very reserve (default: a random one)')
    .option('--event-id <id>', 'the event in which the request was first seen')
    .action(() => {
      const options = command.optsWithGlobals<Options>()
      const fingerprint = fingerprintFrom(cli, options, command)
      return cli.answer(options, true, (ledger) =>
        pipe(
          fingerprint,
          TE.flatMap((requestFingerprint) =>
            ledger.reserve({
              ...keyFrom(options),
              owner: options.owner,
              requestFingerprint,
              lease: options.lease,
              expiresAtMs: options.expiresAt,
              retentionMs: options.retention,
              claimId: options.claimId,
              firstSeenEventId: options.eventId,
              nowMs: options.now,
              signal: cli.signal
            })
          ),
          TE.map(answerReport(cli.deps))
        )
      )
    })
}
