import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../domain/failure.ts'
import type { Projection } from './projection.ts'

const damaged = (name: string): Failure => failure('CorruptStream', `a row of the view ${name} is no JSON: rebuild it`)

/** A row, of its parts in all partitions. */
export const merged = <S>(
  { name, merge }: Projection<S>,
  states: ReadonlyArray<string>
): E.Either<Failure, S | undefined> => {
  try {
    const parts = states.map((text): S => JSON.parse(text))
    const [first, ...more] = parts
    if (first === undefined || more.length === 0) return E.right(first)
    return merge === undefined ? E.left(damaged(name)) : E.right(more.reduce(merge, first))
  } catch {
    return E.left(damaged(name))
  }
}
