import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../domain/failure.ts'
import type { Projection } from './projection.ts'

const damaged = (name: string): Failure => failure('CorruptStream', `a row of the view ${name} is no JSON: rebuild it`)

const threw = (name: string, cause: unknown): Failure =>
  failure('InvalidInput', `the projection ${name} threw as it merged two parts of a row`, { path: '$.merge', cause })

/** A row, of its parts in all partitions. */
export const merged = <S>(
  projection: Projection<S>,
  states: ReadonlyArray<string>
): E.Either<Failure, S | undefined> => {
  const { name } = projection
  const parts: Array<S> = []
  try {
    for (const text of states) parts.push(JSON.parse(text))
  } catch {
    return E.left(damaged(name))
  }
  const [first, ...more] = parts
  if (first === undefined || more.length === 0) return E.right(first)
  const { merge } = projection
  if (merge === undefined) return E.left(damaged(name))
  return E.tryCatch(
    () => more.reduce((a, b) => merge(a, b), first),
    (cause) => threw(name, cause)
  )
}
