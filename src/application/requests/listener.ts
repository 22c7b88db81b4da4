import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { optional, type Parsed } from '../../domain/parsing/parsed.ts'
import { func } from '../../domain/parsing/values.ts'
import { heard } from '../ports/listening.ts'

/** Somebody who is told, where there is one. What it takes and gives, only its type says. */
export const listener = <L extends (...told: never) => unknown>(
  path: string,
  told: L | undefined
): Parsed<L | undefined> =>
  pipe(
    optional(func)(path, told),
    E.map(() => told && heard(told))
  )
