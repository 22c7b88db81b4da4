import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Failure } from '../../../domain/failure.ts'
import { type Cli, type Shared, stopped, unlessStopped } from '../cli.ts'
import { wholeFile } from '../export/whole-file.ts'
import { shared } from '../options/shared.ts'
import { scanFindings } from '../shape/scan-findings.ts'
import { headline } from '../terminal/view.ts'
import { write } from '../terminal/write.ts'

type Options = Shared & { readonly force?: boolean; readonly strict?: boolean }

const chunkLength = 256 * 1024

/** A record's text is short: written one by one they would take many times as long. */
function* inChunks(pieces: Iterable<string>): Generator<string, void> {
  let chunk = ''
  for (const piece of pieces) {
    chunk += piece
    if (chunk.length < chunkLength) continue
    yield chunk
    chunk = ''
  }
  yield chunk
}

const wholly = TE.flatMap((whole: boolean) => (whole ? TE.right<Failure, void>(undefined) : TE.left(stopped)))

const toStdout = (cli: Cli, chunks: Iterable<string>): TE.TaskEither<Failure, void> =>
  pipe(
    TE.fromTask(async () => {
      for (const chunk of chunks) {
        if (cli.signal.aborted || !(await write(cli.deps.stdout, chunk))) return false
      }
      return true
    }),
    wholly
  )

export const exportCommand = (cli: Cli): void => {
  const command = cli.program
    .command('export')
    .argument('[file]', 'where to (default: stdout)')
    .description('write every key that is held as the predecessor’s file, schema version 1')
  shared(command)
    .option('--force', 'replace the file where it is there already')
    .option('--strict', 'fail where a stream cannot be read, in place of naming it and going on')
    .action((file: string | undefined) => {
      const options = command.optsWithGlobals<Options>()
      const findings = scanFindings(options.strict ?? false)
      return cli.run(options, false, (ledger) =>
        pipe(
          unlessStopped(cli.signal)(ledger.list(findings.filter)),
          TE.tapTask(() => () => findings.tell(cli)),
          TE.flatMap((records) => {
            const pieces = inChunks(cli.deps.writeRecords(records))
            if (file === undefined) return toStdout(cli, pieces)
            return pipe(
              wholly(wholeFile(cli.signal, file, pieces, options.force ?? false)),
              TE.tapTask(
                () => () =>
                  cli.print(
                    {
                      json: { exported: records.length, file, ...findings.json() },
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
