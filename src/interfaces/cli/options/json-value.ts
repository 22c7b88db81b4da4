import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Failure } from '../../../domain/failure.ts'
import type { Json } from '../../../domain/json.ts'
import type { Cli } from '../cli.ts'
import { unmarked } from '../input/decode.ts'
import { readText } from '../input/read-text.ts'
import { ofCallersJson } from '../shape/snake-case.ts'

/**
 * The JSON that an option gives: itself, `@FILE`, or `@-` for stdin. Only the option is named where it is no JSON, since
 * its text may hold a claim.
 */
export const jsonValue = (
  cli: Pick<Cli, 'deps' | 'signal'>,
  value: string,
  option: string
): TE.TaskEither<Failure, Json> =>
  pipe(
    value.startsWith('@') ? readText(cli, value.slice(1), option) : TE.fromEither(unmarked(value, option)),
    TE.flatMapEither((given) =>
      pipe(
        cli.deps.parseJson(given),
        E.mapLeft((failed) => ofCallersJson({ ...failed, message: `${option}: ${failed.message}` }))
      )
    )
  )
