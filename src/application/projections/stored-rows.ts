import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../domain/failure.ts'
import type { Generation, StoredRow, ViewSnapshot, ViewStore } from '../ports/view-store.ts'
import { rowsIn } from './checked-views.ts'
import { buildGone } from './view-sink.ts'

/** A build as it is at this moment, with all its partitions; to be closed by who asked. */
export const snapshotOf = async (
  views: Pick<ViewStore, 'snapshot'>,
  { id, name, partitions }: Generation
): Promise<E.Either<Failure, ViewSnapshot>> => {
  const taken = await views.snapshot(id)()
  if (E.isLeft(taken)) return taken
  if (taken.right === 'Gone') return E.left(buildGone(name))
  if (taken.right.checkpoints.length === partitions) return E.right(taken.right)
  taken.right.close()
  return E.left(buildGone(name))
}

/** How large the states may be of one page of rows, characters; the first one, of which nobody knows, has few rows. */
const mostUnits = 4 * 1024 * 1024
const [firstRows, mostRows] = [16, 256]

/** How many rows the next page may have, by those of this one. */
const rowsAfter = (count: number, page: ReadonlyArray<StoredRow>): number => {
  const units = page.reduce((sum, { state }) => sum + state.length, 0)
  const asLarge = Math.floor((mostUnits * page.length) / Math.max(units, 1))
  return Math.max(1, Math.min(2 * count, mostRows, asLarge))
}

type Place = readonly [row: string, partition: number]

/** A store that does not find a row by the name that it gives would be read for ever. */
export const notFurther = (row: string): Failure =>
  failure('CorruptStream', `the rows of the view after ${JSON.stringify(row)} cannot be told apart: rebuild it`)

/** The rows of a build, page by page, after a row of a partition; of large rows few at a time. A failure is the last. */
export function* storedPages(
  snapshot: Pick<ViewSnapshot, 'rows'>,
  after?: Place
): Generator<E.Either<Failure, ReadonlyArray<StoredRow>>, void> {
  let count = firstRows
  for (let from = after; ; ) {
    const read = rowsIn(snapshot, from, count)
    if (E.isLeft(read)) return yield read
    const page = read.right
    const last = page.at(-1)
    if (last !== undefined && last.row === from?.[0] && last.partition === from[1]) {
      return yield E.left(notFurther(last.row))
    }
    yield E.right(page)
    if (last === undefined || page.length < count) return
    count = rowsAfter(count, page)
    from = [last.row, last.partition]
  }
}
