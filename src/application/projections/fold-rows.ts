import * as E from 'fp-ts/Either'
import type { Item } from './item.ts'
import type { Projection } from './projection.ts'

/** Why an event cannot be taken in. */
export type Poison = { readonly tag: string; readonly reason: string }

/** The rows that a batch is about, as they stand; a row that is not there has no state. */
export type Rows<S> = Map<string, S | undefined>

const longestReason = 500

/** What was thrown, in words: anything may be, and what makes a text of it may throw too. */
const wordsOf = (cause: unknown): string => {
  try {
    return String(cause instanceof Error ? cause.message : cause)
  } catch {
    return 'what was thrown has no text'
  }
}

export const thrown = (cause: unknown): Poison => ({ tag: 'Threw', reason: wordsOf(cause).slice(0, longestReason) })

const threw = (reason: string): E.Either<Poison, never> => E.left({ tag: 'Threw', reason })

/** What an async function gives is poison; what it rejects with later is nobody's to hear, and would end the process. */
export const unheard = (given: unknown): void => {
  if (given instanceof Promise) given.catch(() => {})
}

/** The row that an event belongs to, if any, or why that is none. */
const rowFor = <S>(
  { rowOf }: Projection<S>,
  { recordId, entry }: Extract<Item, { readonly _tag: 'Event' }>
): E.Either<Poison, string | undefined> => {
  try {
    const row: unknown = rowOf === undefined ? recordId : rowOf(entry)
    if (row === undefined) return E.right(undefined)
    unheard(row)
    if (typeof row !== 'string') return threw('rowOf gave no text')
    return row.isWellFormed() ? E.right(row) : threw('rowOf gave a text with a lone surrogate, which no file keeps')
  } catch (cause) {
    return E.left(thrown(cause))
  }
}

/** The row that an item belongs to, where it has one that can be stored. */
export const rowNamed = <S>(projection: Projection<S>, item: Item): string | undefined => {
  const row = item._tag === 'Unreadable' ? undefined : rowFor(projection, item)
  return row !== undefined && E.isRight(row) ? row.right : undefined
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

/** Judges the state that a row came to. */
export type Judge<S> = (state: S, row: string) => E.Either<Poison, unknown>

/** Whether a state can be stored; the name of its row is judged with every event. */
export const storable: Judge<unknown> = (state) => {
  try {
    if (isStorable(state)) return E.right(undefined)
  } catch (cause) {
    return E.left(thrown(cause))
  }
  return threw('the state is no JSON, or too deep: it would not come back as it was')
}

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
  const named = rowFor(projection, item)
  if (E.isLeft(named) || named.right === undefined) return named
  const row = named.right
  try {
    const before = rows.get(row)
    const next = projection.evolve(before === undefined ? projection.initialState : before, item.entry)
    unheard(next)
    const judged = next === undefined ? undefined : judge?.(next, row)
    if (judged !== undefined && E.isLeft(judged)) return judged
    rows.set(row, next)
    return E.right(row)
  } catch (cause) {
    return E.left(thrown(cause))
  }
}
