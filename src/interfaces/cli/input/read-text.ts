import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type Failure, failure, invalidInput } from '../../../domain/failure.ts'
import { quoted } from '../../../domain/text.ts'
import { type Cli, stopped } from '../cli.ts'
import type { CliDeps } from '../deps.ts'
import { decodeText } from './decode.ts'
import { fileToRead } from './file-to-read.ts'

/** How much an option may read, in bytes: as much as a line of `batch` may have. */
export const maxTextBytes = 64 * 1024 * 1024

/** The bytes of a stream, or nothing where they pass the limit. The stream is read no further than that. */
const bytesOf = async (chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array | undefined> => {
  const kept: Array<Uint8Array> = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > maxTextBytes) return undefined
    kept.push(chunk)
  }
  return Buffer.concat(kept, size)
}

const codeOf = (cause: unknown): string =>
  typeof cause === 'object' && cause !== null && 'code' in cause ? ` (${cause.code})` : ''

/** A file's text, or that of stdin for `-`: UTF-8 of at most 64 MiB, whatever kind of file it is. */
export const readText = (
  { deps, signal }: Pick<Cli, 'signal'> & { readonly deps: Pick<CliDeps, 'stdin'> },
  file: string,
  option: string
): TE.TaskEither<Failure, string> => {
  const what = `${option}: ${file === '-' ? 'stdin' : quoted(file)}`
  // the first of two options has all of it, and the second one would have nothing
  const isUnread = () => file !== '-' || !deps.stdin.readableDidRead
  return pipe(
    TE.fromIOEither(() => (isUnread() ? E.right(undefined) : E.left(invalidInput(`${what} was read already`)))),
    TE.flatMap(() =>
      TE.tryCatch(
        async () => bytesOf(file === '-' ? deps.stdin : (await fileToRead(file, signal)).bytes),
        // stdin is closed under our hands in order to stop
        (cause) => (signal.aborted ? stopped : { ...invalidInput(`${what} cannot be read${codeOf(cause)}`), cause })
      )
    ),
    TE.flatMapEither((bytes) =>
      bytes === undefined
        ? E.left(failure('LimitExceeded', `${what} has more than ${maxTextBytes} bytes`, { limit: maxTextBytes }))
        : decodeText(bytes, what)
    )
  )
}
