import { randomUUID } from 'node:crypto'
import { type FileHandle, link, open, rename, rm } from 'node:fs/promises'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type Failure, failure, invalidInput } from '../../../domain/failure.ts'
import { type Cli, type Shared, stopped, unlessStopped } from '../cli.ts'
import { identitySecretIn } from '../options/identity-secret.ts'
import { shared } from '../options/shared.ts'
import { plainJson } from '../terminal/json-text.ts'
import { each, headline } from '../terminal/view.ts'
import { inChunks, writeAll } from '../terminal/write.ts'

type Options = Shared & { readonly force?: boolean }

const failed = (file: string, cause: unknown): Failure => {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'unknown'
  if (code === 'EEXIST') return invalidInput(`${file} is there already; --force replaces it`)
  return failure(code === 'ENOSPC' ? 'StoreFull' : 'InvalidInput', `${file} could not be written (${code})`, { cause })
}

/** Writes the file whole or not at all: what stands under its name is never half an export. */
const toFile = (
  signal: AbortSignal,
  file: string,
  pieces: Iterable<string>,
  force: boolean
): TE.TaskEither<Failure, void> => {
  const unfinished = `${file}.${randomUUID()}.tmp`
  const writeAll = async (handle: FileHandle): Promise<boolean> => {
    for (const chunk of inChunks(pieces)) {
      if (signal.aborted) return false
      await handle.write(chunk)
    }
    await handle.sync()
    return true
  }
  return pipe(
    TE.tryCatch(
      async () => {
        const handle = await open(unfinished, 'wx')
        try {
          const whole = await writeAll(handle)
          await handle.close()
          // a link, other than a rename, fails where the name is taken
          if (whole) await (force ? rename(unfinished, file) : link(unfinished, file))
          return whole
        } finally {
          await handle.close()
          await rm(unfinished, { force: true })
        }
      },
      (cause) => failed(file, cause)
    ),
    TE.flatMap((whole) => (whole ? TE.right(undefined) : TE.left(stopped)))
  )
}

const toStdout = ({ deps: { stdout }, signal }: Cli, pieces: Iterable<string>): TE.TaskEither<Failure, void> =>
  pipe(
    // on a terminal no text of a record may drive it
    TE.fromTask(() => writeAll(stdout, stdout.isTTY === true ? each(pieces, plainJson) : pieces, signal)),
    TE.flatMap((whole) => (whole ? TE.right(undefined) : TE.left(stopped)))
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
    .action((file: string | undefined) => {
      const options = command.optsWithGlobals<Options>()
      if (identitySecretIn(cli.deps.env) !== undefined) return cli.fail(notExportable)
      return cli.run(options, false, (ledger) =>
        pipe(
          unlessStopped(cli.signal)(ledger.list()),
          TE.flatMap((records) => {
            const pieces = cli.deps.writeRecords(records)
            if (file === undefined) return toStdout(cli, pieces)
            return pipe(
              toFile(cli.signal, file, pieces, options.force ?? false),
              TE.tapTask(
                () => () =>
                  cli.print(
                    {
                      json: { exported: records.length, file },
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
