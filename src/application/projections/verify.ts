import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../domain/failure.ts'
import type { Generation, ParkedKey, ViewSnapshot } from '../ports/view-store.ts'
import { follow } from '../stream/follow.ts'
import { batches } from './batches.ts'
import { differenceOf } from './difference.ts'
import { asJson, type Rows, takeIn } from './fold-rows.ts'
import { type Item, isSkipped, revisionIn } from './item.ts'
import { askingLive, standingBuild } from './live-build.ts'
import { partitionOf } from './partition.ts'
import type { Projection } from './projection.ts'
import type { Toolkit } from './run.ts'
import { snapshotOf, storedPages } from './stored-rows.ts'

/** The first row of a view, by name, that is not the fold of its events. */
export type ViewDifference = {
  /** The name of the row. */
  readonly row: string
  /** Which partition, from 0 on. */
  readonly partition: number
  /** How it differs. */
  readonly what: 'missing' | 'extra' | 'differs'
  /** Where in the state, as a JSON path. */
  readonly path: string
}

/** What a verification came to. */
export type Verified = {
  /** Events that were folded. */
  readonly events: number
  /** The rows. */
  readonly rows: number
  /** Keys that wait, which are held against what they were before they began to. */
  readonly parked: number
  /** The first row that differs; none where the view is the fold. */
  readonly difference: ViewDifference | undefined
}

/** How a view is verified. */
export type VerifyOptions = {
  /** Gives it up. */
  readonly signal?: AbortSignal | undefined
  /** Told how far it is. */
  readonly onProgress?: ((events: number) => void) | undefined
}

/** One partition as it should be, and whether its checkpoint was reached. */
type Fold<S> = { readonly rows: Rows<S>; isDone: boolean }

const isWaiting = (item: Item, parked: ReadonlyMap<string, ParkedKey>): boolean => {
  const key = parked.get(item.recordId)
  const revision = revisionIn(item)
  if (key === undefined) return false
  return key.revision === undefined || revision === undefined ? true : BigInt(revision) >= BigInt(key.revision)
}

const givenUp = failure('Aborted', 'the verification was given up')

const another = (name: string): Failure =>
  failure('NotAStore', `the log does not hold what ${name} took in: it is another, or was restored to an earlier state`)

/** The pure fold of each partition, up to the last event that its checkpoint took in. */
const foldTo = async <S>(
  toolkit: Toolkit,
  projection: Projection<S>,
  snapshot: ViewSnapshot,
  { signal, onProgress }: VerifyOptions
): Promise<E.Either<Failure, { readonly folds: ReadonlyArray<Fold<S>>; readonly events: number }>> => {
  const { checkpoints, skipped } = snapshot
  const parked = new Map(snapshot.parked.map((key) => [key.recordId, key]))
  const folds = checkpoints.map(({ anchor }): Fold<S> => ({ rows: new Map(), isDone: anchor === undefined }))
  let events = 0
  if (folds.every(({ isDone }) => isDone)) return E.right({ folds, events })
  const take = (item: Item): Failure | undefined => {
    const partition = partitionOf(item.recordId, folds.length)
    const fold = folds[partition]
    if (fold === undefined || fold.isDone) return undefined
    events++
    if (item._tag === 'Event') fold.isDone = item.entry.id === checkpoints[partition]?.anchor?.id
    if (isWaiting(item, parked) || isSkipped(item, skipped)) return undefined
    const taken = takeIn(projection, fold.rows, item)
    if (E.isRight(taken)) return undefined
    const why = `${item.recordId} at position ${item.position}: ${taken.left.reason}, and its key does not wait`
    return failure('CorruptStream', why, { recordId: item.recordId })
  }
  const followed = follow(toolkit, { after: 'start', ...(signal && { signal }) })
  for await (const read of batches(followed, { size: 1000, lingerMs: 0 }, toolkit)) {
    if (E.isLeft(read)) return read
    for (const item of read.right.items) {
      const fault = take(item)
      if (fault !== undefined) return E.left(fault)
    }
    onProgress?.(events)
    if (folds.every(({ isDone }) => isDone)) return E.right({ folds, events })
    if (read.right.caughtUp) return E.left(another(projection.name))
    await toolkit.nextTurn()
  }
  return E.left(givenUp)
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The first stored row that is not as folded; else a folded one that is not stored. Takes what it compared out of the folds. */
const compare = <S>(
  snapshot: ViewSnapshot,
  folds: ReadonlyArray<Fold<S>>
): E.Either<Failure, Pick<Verified, 'rows' | 'difference'>> => {
  let rows = 0
  for (const page of storedPages(snapshot)) {
    if (E.isLeft(page)) return page
    for (const { row, partition, state } of page.right) {
      rows++
      const wanted = folds[partition]?.rows.get(row)
      if (wanted === undefined) return E.right({ rows, difference: { row, partition, what: 'extra', path: '$' } })
      const path = differenceOf(asJson(wanted), parsed(state))
      if (path !== undefined) return E.right({ rows, difference: { row, partition, what: 'differs', path } })
      folds[partition]?.rows.delete(row)
    }
  }
  const missing = folds
    .flatMap((fold, partition) =>
      [...fold.rows].flatMap(([row, state]) => (state === undefined ? [] : [{ row, partition }]))
    )
    .sort((a, b) => (a.row < b.row ? -1 : 1))[0]
  return E.right({ rows, difference: missing && { ...missing, what: 'missing', path: '$' } })
}

const verifyBuild = async <S>(
  toolkit: Toolkit,
  projection: Projection<S>,
  build: Generation,
  options: VerifyOptions
): Promise<E.Either<Failure, Verified>> => {
  const taken = await snapshotOf(toolkit.views, build)
  if (E.isLeft(taken)) return taken
  const snapshot = taken.right
  try {
    const folded = await foldTo(toolkit, projection, snapshot, options)
    if (E.isLeft(folded)) return folded
    const { folds, events } = folded.right
    const compared = compare(snapshot, folds)
    return E.isLeft(compared) ? compared : E.right({ events, parked: snapshot.parked.length, ...compared.right })
  } finally {
    snapshot.close()
  }
}

const verifyNow = async <S>(
  toolkit: Toolkit,
  projection: Projection<S>,
  options: VerifyOptions
): Promise<E.Either<Failure, Verified>> => {
  const live = await standingBuild(projection, toolkit.category, toolkit.views)
  return E.isLeft(live) ? live : verifyBuild(toolkit, projection, live.right, options)
}

/**
 * Holds the live view against the pure fold of the log up to its checkpoint, and names the first row that differs. The view
 * may go on meanwhile: it is looked at as it was at one moment. The fold is held in memory.
 */
export const verify = <S>(
  toolkit: Toolkit,
  projection: Projection<S>,
  options: VerifyOptions
): Promise<E.Either<Failure, Verified>> => askingLive(projection.name, () => verifyNow(toolkit, projection, options))
