import * as E from 'fp-ts/Either'
import type { Item } from './item.ts'
import type { Projection } from './projection.ts'

/** Why an event cannot be taken in. */
export type Poison = { readonly tag: string; readonly reason: string }

/** The rows that a batch is about, as they stand; a row that is not there has no state. */
export type Rows<S> = Map<string, S | undefined>

const longestReason = 500

export const thrown = (cause: unknown): Poison => ({
  tag: 'Threw',
  reason: (cause instanceof Error ? cause.message : String(cause)).slice(0, longestReason)
})

/** The row that an item belongs to, where it has one and `rowOf` does not throw. */
export const rowNamed = <S>({ rowOf }: Projection<S>, item: Item): string | undefined => {
  if (item._tag === 'Unreadable') return undefined
  try {
    return rowOf === undefined ? item.recordId : rowOf(item.entry)
  } catch {
    return undefined
  }
}

/** As JSON keeps it: members that are `undefined` go. */
export const asJson = (state: unknown): unknown => {
  const text = JSON.stringify(state)
  return text === undefined ? undefined : JSON.parse(text)
}

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

/** So deep a state is at most: whoever writes and reads it as JSON goes as deep. */
const deepest = 1000

/** Whether a value comes back from storage as it was; a member that is `undefined` is one that is absent. */
export const isStorable = (value: unknown, depth = 0): boolean => {
  if (depth > deepest) return false
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value)
    case 'object':
      if (value === null) return true
      if (Array.isArray(value)) return value.every((member) => isStorable(member, depth + 1))
      return (
        isPlain(value) && Object.values(value).every((member) => member === undefined || isStorable(member, depth + 1))
      )
    default:
      return false
  }
}

const threw = (reason: string): E.Either<Poison, never> => E.left({ tag: 'Threw', reason })

/** Judges the state that a row came to. */
export type Judge<S> = (state: S, row: string) => E.Either<Poison, unknown>

/** Whether a state can be stored; the name of its row is judged with every event. */
export const storable: Judge<unknown> = (state) =>
  isStorable(state) ? E.right(undefined) : threw('the state is no JSON, or too deep: it would not come back as it was')

/**
 * Takes one item into the rows and tells which row it was, or why it cannot be: rows are then as before. A judge has
 * the last word on the state, which costs a walk through it.
 */
export const takeIn = <S>(
  projection: Projection<S>,
  rows: Rows<S>,
  item: Item,
  judge?: Judge<S>
): E.Either<Poison, string | undefined> => {
  if (item._tag === 'Unreadable') {
    return E.left({ tag: item.failure._tag, reason: item.failure.message.slice(0, longestReason) })
  }
  try {
    const row = projection.rowOf === undefined ? item.recordId : projection.rowOf(item.entry)
    if (row === undefined) return E.right(undefined)
    if (typeof row !== 'string') return threw('rowOf gave no text')
    if (!row.isWellFormed()) return threw('rowOf gave a text with a lone surrogate, which no file keeps')
    const next = projection.evolve(rows.get(row) ?? projection.initialState, item.entry)
    const judged = next === undefined ? undefined : judge?.(next, row)
    if (judged !== undefined && E.isLeft(judged)) return judged
    rows.set(row, next)
    return E.right(row)
  } catch (cause) {
    return E.left(thrown(cause))
  }
}
