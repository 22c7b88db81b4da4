import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { failure } from '../../domain/failure.ts'
import type { Loaded, ParkedKey, RowChange, SkippedEvent } from '../ports/view-store.ts'
import { columnsOf } from './columns.ts'
import { type Judge, type Poison, type Rows, storable, takeIn } from './fold-rows.ts'
import { type Item, isSkipped, revisionIn } from './item.ts'
import type { Projection } from './projection.ts'

/** What becomes of a key whose event cannot be taken in: it waits, or the run ends by the event's failure. */
export type PoisonRule = 'park' | 'fail'

/** More keys than this that wait are no poison any more, but a projection that does not fit its events. */
export const mostParked = 10_000

export type Taken = { readonly rows: ReadonlyArray<RowChange>; readonly parked: ReadonlyArray<ParkedKey> }

const poisoned = ({ recordId, position }: Item, { tag, reason }: Poison) =>
  failure('CorruptStream', `${recordId} at position ${position} cannot be taken in: ${tag}: ${reason}`, { recordId })

const streamOf = (item: Item): string | undefined => (item._tag === 'Event' ? item.entry.stream : item.stream)

const parkedBy = (item: Item, { tag, reason }: Poison, partition: number, nowMs: number): ParkedKey => ({
  recordId: item.recordId,
  partition,
  position: item.position,
  stream: streamOf(item),
  revision: revisionIn(item),
  lastRevision: revisionIn(item),
  waiting: 1,
  tag,
  reason,
  parkedAtMs: nowMs
})

const behind = (key: ParkedKey, item: Item): ParkedKey => ({
  ...key,
  waiting: key.waiting + 1,
  lastRevision: revisionIn(item) ?? key.lastRevision
})

/** A row as it is to be stored; poison where it cannot be. A state that is JSON no deeper than is allowed can be written. */
const changeOf = <S>(projection: Projection<S>, row: string, state: S | undefined): E.Either<Poison, RowChange> => {
  if (state === undefined) return E.right({ row, state: undefined, columns: {} })
  return pipe(
    storable(state, row),
    E.flatMap(() => columnsOf(projection, state, row)),
    E.map((columns) => ({ row, state: JSON.stringify(state), columns }))
  )
}

type Knowledge = Pick<Loaded, 'rows' | 'parked'> & { readonly skipped: ReadonlyArray<SkippedEvent> }

/**
 * Takes a batch of one partition into its rows: pure. An event that is poison parks its key, and what comes after it of
 * that key waits behind it; an event that an operator had left out is passed over. Under the rule `fail`, the first
 * poison is a `CorruptStream`; so many keys that wait are `LimitExceeded`.
 */
export const takeBatch = <S>(
  projection: Projection<S>,
  partition: number,
  loaded: Knowledge,
  items: ReadonlyArray<Item>,
  rule: PoisonRule,
  nowMs: number,
  checked = false
): E.Either<ReturnType<typeof failure>, Taken> => {
  const judge: Judge<S> = (state, row) => changeOf(projection, row, state)
  const rows: Rows<S> = new Map()
  for (const [row, text] of loaded.rows) rows.set(row, JSON.parse(text))
  const named = new Set<string>()
  const parked = new Map(loaded.parked.map((key) => [key.recordId, key]))
  const changed = new Map<string, ParkedKey>()
  const wait = (key: ParkedKey): void => {
    parked.set(key.recordId, key)
    changed.set(key.recordId, key)
  }
  for (const item of items) {
    const waits = parked.get(item.recordId)
    if (waits !== undefined) {
      wait(behind(waits, item))
      continue
    }
    if (loaded.skipped.length > 0 && isSkipped(item, loaded.skipped)) continue
    const taken = takeIn(projection, rows, item, checked ? judge : undefined)
    if (E.isRight(taken)) {
      if (taken.right !== undefined) named.add(taken.right)
      continue
    }
    if (rule === 'fail') return E.left(poisoned(item, taken.left))
    wait(parkedBy(item, taken.left, partition, nowMs))
  }
  if (parked.size > mostParked) {
    const message = `${parked.size} keys wait, where ${mostParked} may: the projection does not fit its events`
    return E.left(failure('LimitExceeded', message, { limit: mostParked, size: parked.size }))
  }
  const changes = E.traverseArray((row: string) => changeOf(projection, row, rows.get(row)))([...named])
  if (E.isRight(changes)) return E.right({ rows: changes.right, parked: [...changed.values()] })
  // which event it was that made a row that cannot be stored, only a look after each of them tells
  if (!checked) return takeBatch(projection, partition, loaded, items, rule, nowMs, true)
  const message = `${projection.name} makes one thing of a state now, and another then: ${changes.left.reason}`
  return E.left(failure('InvalidInput', message))
}
