import * as E from 'fp-ts/Either'
import type { Failure } from '../../domain/failure.ts'
import { streamPrefix } from '../../domain/identity.ts'
import type { LogPage, Position } from '../ports/event-store.ts'
import type { Settings } from '../settings.ts'

const pageSize = 1000

/** What is in the log after a position, page by page, until the end or until it was enough. */
export async function* placesAfter(
  { store, category, nextTurn }: Pick<Settings, 'store' | 'category' | 'nextTurn'>,
  after: Position | 'start'
): AsyncGenerator<E.Either<Failure, LogPage>, void> {
  for (let from = after; ; ) {
    const read: E.Either<Failure, LogPage> = await store.readAll(from, streamPrefix(category), pageSize)()
    yield read
    if (E.isLeft(read) || read.right.atEnd) return
    from = read.right.next
    await nextTurn()
  }
}
