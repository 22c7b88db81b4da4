import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type Failure, invalidInput } from '../../../domain/failure.ts'
import type { Json } from '../../../domain/json.ts'
import type { CliDeps } from '../deps.ts'

/** A file's text, or that of stdin for `-`. */
export const readText = (deps: Pick<CliDeps, 'stdin'>, file: string, option: string): TE.TaskEither<Failure, string> =>
  TE.tryCatch(
    () => (file === '-' ? text(deps.stdin) : readFile(file, 'utf8')),
    (cause) => ({ ...invalidInput(`${option}: ${file} cannot be read`), cause })
  )

/**
 * The JSON that an option gives: itself, `@FILE`, or `@-` for stdin. Only the option is named where it is no JSON, since
 * its text may hold a claim.
 */
export const jsonValue = (
  deps: Pick<CliDeps, 'stdin' | 'parseJson'>,
  value: string,
  option: string
): TE.TaskEither<Failure, Json> =>
  pipe(
    value.startsWith('@') ? readText(deps, value.slice(1), option) : TE.right(value),
    TE.flatMapEither((given) =>
      pipe(
        deps.parseJson(given),
        E.mapLeft((failed) => ({ ...failed, message: `${option}: ${failed.message}` }))
      )
    )
  )
