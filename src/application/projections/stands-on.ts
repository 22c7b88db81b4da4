import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../domain/failure.ts'
import type { Checkpoint } from '../ports/view-store.ts'
import type { Settings } from '../settings.ts'

export const anotherLog = (name: string): Failure =>
  failure(
    'NotAStore',
    `${name} holds what the log does not: it is of another log, or is ahead of one that was restored; rebuild it`
  )

/** `NotAStore` where the log does not hold the last event that a checkpoint took in, and the store did not remove it by its rules. */
export const standsOn = async (
  { store }: Pick<Settings, 'store'>,
  name: string,
  { anchor }: Checkpoint
): Promise<E.Either<Failure, void>> => {
  if (anchor === undefined) return E.right(undefined)
  const revision = BigInt(anchor.revision)
  const read = await store.readStream(anchor.stream, 'forwards', revision, 1)()
  // one that cannot be read is there
  if (E.isLeft(read)) return read.left._tag === 'CorruptStream' ? E.right(undefined) : read
  const [event] = read.right
  if (event?.id === anchor.id) return E.right(undefined)
  if (store.isRemoved === undefined || store.continuesAfterDelete !== true) return E.left(anotherLog(name))
  const removed = await store.isRemoved(anchor.stream, revision)()
  if (E.isLeft(removed)) return removed
  return removed.right ? E.right(undefined) : E.left(anotherLog(name))
}
