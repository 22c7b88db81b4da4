import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type Failure, invalidInput } from '../../../domain/failure.ts'
import { type Cli, type Shared, stopped, unlessStopped } from '../cli.ts'
import { doubtsIn } from '../export/doubts.ts'
import { wholeFile } from '../export/whole-file.ts'
import { identitySecretIn } from '../options/identity-secret.ts'
import { shared } from '../options/shared.ts'
import { scanFindings } from '../shape/scan-findings.ts'
import { plainJson } from '../terminal/json-text.ts'
import { each, headline } from '../terminal/view.ts'
import { inChunks, writeAll } from '../terminal/write.ts'

type Options = Shared & { readonly force?: boolean; readonly strict?: boolean }

const wholly = TE.flatMap((whole: boolean) => (whole ? TE.right<Failure, void>(undefined) : TE.left(stopped)))

const toStdout = ({ deps: { stdout }, signal }: Cli, pieces: Iterable<string>): TE.TaskEither<Failure, void> =>
  pipe(
    // on a terminal no text of a record may drive it
    TE.fromTask(() => writeAll(stdout, stdout.isTTY === true ? each(pieces, plainJson) : pieces, signal)),
    wholly
  )

const notExportable = invalidInput(
  'records under an identity secret cannot be exported: whoever loads them refuses record ids that are not plain'
)

export const exportCommand = (cli: Cli): void => {
  const command = cli.program
    .command('export')
    .argument('[file]', 'where to (default: stdout)')
    .description('write every key that is held as the predecessor’s file, schema version 1')
  shared(command)
    .option('--force', 'replace the file where it is there already')
    .option('--strict', 'fail where a stream cannot be read, or a key is in doubt, in place of naming it and going on')
    .action((file: string | undefined) => {
      const options = command.optsWithGlobals<Options>()
      if (identitySecretIn(cli.deps.env) !== undefined) return cli.fail(notExportable)
      const findings = scanFindings(options.strict ?? false)
      return cli.run(options, false, (ledger) =>
        pipe(
          unlessStopped(cli.signal)(ledger.list(findings.filter)),
          TE.tapTask(() => () => findings.tell(cli)),
          TE.flatMap((records) => {
            const doubts = doubtsIn(records)
            const fault = options.strict === true ? doubts.fault() : undefined
            if (fault !== undefined) return TE.left(fault)
            const pieces = cli.deps.writeRecords(records)
            const told = TE.fromTask<void, Failure>(() => doubts.tell(cli))
            if (file === undefined)
              return pipe(
                told,
                TE.flatMap(() => toStdout(cli, pieces))
              )
            return pipe(
              told,
              TE.flatMap(() => wholly(wholeFile(cli.signal, file, inChunks(pieces), options.force ?? false))),
              TE.tapTask(
                () => () =>
                  cli.print(
                    {
                      json: { exported: records.length, file, ...findings.json(), ...doubts.json() },
                      views: [headline(`exported ${records.length} records to ${file}`, 'good')]
                    },
                    options
                  )
              )
            )
          })
        )
      )
    })
}
