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

const pageSize = 1000

type Place = readonly [row: string, partition: number]

/** A store that does not find a row by the name that it gives would be read for ever. */
export const notFurther = (row: string): Failure =>
  failure('CorruptStream', `the rows of the view after ${JSON.stringify(row)} cannot be told apart: rebuild it`)

/** The rows of a build, page by page, after a row of a partition. A failure is the last. */
export function* storedPages(
  snapshot: Pick<ViewSnapshot, 'rows'>,
  after?: Place
): Generator<E.Either<Failure, ReadonlyArray<StoredRow>>, void> {
  for (let from = after; ; ) {
    const read = rowsIn(snapshot, from, pageSize)
    if (E.isLeft(read)) return yield read
    const page = read.right
    const last = page.at(-1)
    if (last !== undefined && last.row === from?.[0] && last.partition === from[1]) {
      return yield E.left(notFurther(last.row))
    }
    yield E.right(page)
    if (last === undefined || page.length < pageSize) return
    from = [last.row, last.partition]
  }
}
