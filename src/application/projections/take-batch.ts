import * as E from 'fp-ts/Either'
import { failure } from '../../domain/failure.ts'
import type { ColumnValue, Loaded, ParkedKey, RowChange, SkippedEvent } from '../ports/view-store.ts'
import { isStorable, type Poison, type Rows, takeIn } from './fold-rows.ts'
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

const columnsOf = <S>(projection: Projection<S>, state: S, row: string): { readonly [name: string]: ColumnValue } => {
  const given = projection.columnsOf?.(state, row) ?? {}
  return Object.fromEntries(Object.keys(projection.columns ?? {}).map((name) => [name, given[name] ?? null]))
}

const changeOf = <S>(projection: Projection<S>, row: string, state: S | undefined): RowChange =>
  state === undefined
    ? { row, state: undefined, columns: {} }
    : { row, state: JSON.stringify(state), columns: columnsOf(projection, state, row) }

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
    const taken = takeIn(projection, rows, item, checked)
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
  const touched = [...named].map((row) => [row, rows.get(row)] as const)
  // which event it was that made a state no JSON, only a look after each of them tells
  if (!checked && touched.some(([, state]) => state !== undefined && !isStorable(state))) {
    return takeBatch(projection, partition, loaded, items, rule, nowMs, true)
  }
  try {
    const changes = touched.map(([row, state]) => changeOf(projection, row, state))
    return E.right({ rows: changes, parked: [...changed.values()] })
  } catch (cause) {
    return E.left(failure('InvalidInput', `columnsOf of ${projection.name} threw`, { cause, path: '$.columnsOf' }))
  }
}
