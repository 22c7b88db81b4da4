import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { having } from '../../domain/parsing/having.ts'
import { type NamesOf, noMisspelt } from '../../domain/parsing/known-members.ts'
import { isAmong, keeping, mismatch, optional, type Parsed } from '../../domain/parsing/parsed.ts'
import { reading } from '../../domain/parsing/reading.ts'
import { func, isMembers } from '../../domain/parsing/values.ts'
import type { ColumnType, ColumnValue, ViewShape } from '../ports/view-store.ts'
import type { HistoryEntry } from '../use-cases/history.ts'
import { ownCopy } from './own-copy.ts'

// What is written as methods may be called with what any projection has: the toolkit takes projections of all states.

/**
 * A view as a pure fold (SPEC section 9). A view is rows; each is the fold of the events that belong to it. A row is the
 * record of a key, unless `rowOf` says otherwise. States are JSON, as `JSON.stringify` writes them.
 */
export type Projection<S, Q = unknown> = {
  /** `[a-z][a-z0-9_]*`, at most 48 characters: the view's name in SQL too. */
  readonly name: string
  /** Raised with every change that makes other rows of the same events: the view is then rebuilt. */
  readonly version: number
  /** What a row is folded from. */
  readonly initialState: S
  /** Pure. Without a state the row goes. An event that it throws at parks its key. */
  evolve(state: S, entry: HistoryEntry): S | undefined
  /** The row that an event belongs to; none: it is passed over. The record id where it is left out. Pure. */
  readonly rowOf?: ((entry: HistoryEntry) => string | undefined) | undefined
  /** Two partitions' parts of one row: needed where rows are not keys and there are several partitions. */
  merge?(a: S, b: S): S
  /** What of a state SQL sees beside `row` and `state`. */
  readonly columns?: { readonly [name: string]: ColumnType } | undefined
  columnsOf?(state: S, row: string): { readonly [column: string]: ColumnValue | undefined }
  /** Columns that are searched together. */
  readonly indexes?: ReadonlyArray<ReadonlyArray<string>> | undefined
  /** What can be asked of the view, by whatever reads it. */
  queries?(view: never, at: never): Q
}

const nameForm = /^[a-z][a-z0-9_]{0,47}$/

/** What the files of views and of stores keep for themselves. */
const reserved: ReadonlySet<string> = new Set([
  'generations',
  'checkpoints',
  'parked',
  'skipped',
  'sqlite',
  'events',
  'removed',
  'streams',
  'removal'
])

const isName = (value: unknown): boolean =>
  typeof value === 'string' && nameForm.test(value) && !reserved.has(value) && !/^(sqlite|view)_/.test(value)

const isVersion = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) > 0

const mostColumns = 64

const isColumnType = isAmong<ColumnType>(['text', 'integer', 'real'])

const isColumns = (value: unknown): boolean =>
  isMembers(value) &&
  Object.keys(value).length <= mostColumns &&
  Object.entries(value).every(
    ([name, type]) => nameForm.test(name) && !['row', 'state', 'partition'].includes(name) && isColumnType(type)
  )

/** Whatever stands in it: a list with one name in it would pass for that name wherever it becomes text. */
const isIndex = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.length <= mostColumns &&
  value.every((name) => typeof name === 'string')

const isIndexes = (value: unknown): boolean => Array.isArray(value) && value.length <= 32 && value.every(isIndex)

export const nameAndVersion = {
  name: keeping(isName, 'must be small letters, digits and "_", 48 at most, and no name of the store’s own'),
  version: keeping(isVersion, 'must be a whole number from 1 on')
}

const rules = having({
  ...nameAndVersion,
  evolve: func,
  rowOf: optional(func),
  merge: optional(func),
  columns: optional(keeping(isColumns, 'must name columns as text, integer or real, 64 at most')),
  columnsOf: optional(func),
  indexes: optional(keeping(isIndexes, 'must be lists of columns, 32 at most'))
})

const names: NamesOf<Projection<unknown>> = {
  name: true,
  version: true,
  initialState: true,
  evolve: true,
  rowOf: true,
  merge: true,
  columns: true,
  columnsOf: true,
  indexes: true,
  queries: true
}

/** A projection may have more, as a class has; what is misspelt would silently be left out. */
const members = noMisspelt<Projection<unknown>>(names)

const copyOf = <A>(value: A): A => (isMembers(value) ? { ...value } : value)

const listsOf = (value: unknown): unknown =>
  Array.isArray(value) ? value.map((one: unknown) => (Array.isArray(one) ? [...one] : one)) : value

const taken = <S, Q>(given: Projection<S, Q>): Projection<S, Q> => {
  const copy = ownCopy(given, Object.keys(names))
  // its types are those of what was given, and the rules hold it to them
  return { ...copy, columns: copyOf(copy.columns), indexes: listsOf(copy.indexes) } as Projection<S, Q>
}

const takenSafely = <S, Q>(given: Projection<S, Q>): Parsed<Projection<S, Q>> =>
  isMembers(given)
    ? reading('$', () =>
        pipe(
          members('$', given),
          E.map(() => taken(given))
        )
      )
    : mismatch('$', 'must be a projection', given)

/** A projection as it is now, or what is wrong with it: `InvalidInput` with its path. */
export const parseProjection = <S, Q>(given: Projection<S, Q>, partitions = 1): Parsed<Projection<S, Q>> => {
  const copied = takenSafely(given)
  if (E.isLeft(copied)) return copied
  const projection = copied.right
  const parsed = rules('$', projection)
  if (E.isLeft(parsed)) return parsed
  const { columns = {}, indexes = [] } = projection
  const unknown = keeping(
    () => indexes.every((names) => names.every((name) => Object.hasOwn(columns, name))),
    'must be over columns that are there'
  )('$.indexes', indexes)
  if (E.isLeft(unknown)) return unknown
  const mergeable = keeping(
    () => partitions === 1 || projection.rowOf === undefined || projection.merge !== undefined,
    'is needed where rows are not keys and there is more than one partition'
  )('$.merge', projection.merge)
  return E.isLeft(mergeable) ? mergeable : E.right(projection)
}

export const shapeOf = <S>({ columns = {}, indexes = [] }: Projection<S>): ViewShape => ({ columns, indexes })
