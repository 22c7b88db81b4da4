import type { Command } from 'commander'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Cli, Shared } from '../cli.ts'
import { answerCode } from '../errors/answer-code.ts'
import { type KeyOptions, keyFrom, keyOptions } from '../options/key.ts'
import { fingerprintFrom, type PayloadOptions, payloadOptions } from '../options/payload.ts'
import { shared } from '../options/shared.ts'
import { type NowOption, nowOption, type RetentionOptions, retentionOptions } from '../options/time.ts'
import { lease } from '../options/values.ts'
import { answerReport } from '../shape/reports.ts'

type Options = Shared &
  KeyOptions &
  NowOption &
  RetentionOptions &
  PayloadOptions & {
    readonly owner: string
    readonly lease: number | 'none'
    readonly claimId?: string
    readonly eventId?: string
  }

export const reserveCommand = (cli: Cli, command: Command): void => {
  payloadOptions(
    retentionOptions(nowOption(keyOptions(shared(command)))).requiredOption('--owner <name>', 'who would do the work')
  )
    .requiredOption('--lease <length>', 'how long a crashed holder blocks the key: 30s, 5m, …, or none', lease)
    .option('--claim-id <id>', 'present it again to retry this very reserve (default: a random one)')
    .option('--event-id <id>', 'the event in which the request was first seen')
    .option(
      '--exit-code',
      'say the answer by the exit code: reserved 0, duplicate 20, in flight 21, conflict 22, in doubt 23, gone 24, reserved by takeover 25'
    )
    .action(() => {
      const options = command.optsWithGlobals<Options>()
      const fingerprint = fingerprintFrom(cli, options, command)
      return cli.answerGiven(
        options,
        fingerprint,
        (requestFingerprint) => (ledger) =>
          pipe(
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
            }),
            TE.tapTask((answer) => async () => {
              if (options.exitCode === true) await cli.remark([], answerCode(answer))
            }),
            TE.map(answerReport(cli.deps))
          )
      )
    })
}
