import * as E from 'fp-ts/Either'
import type { ColumnType, ColumnValue } from '../ports/view-store.ts'
import { type Poison, thrown, unheard } from './fold-rows.ts'
import type { Projection } from './projection.ts'

/** The columns of a row, by name. */
export type Columns = { readonly [name: string]: ColumnValue }

/** Numbers beyond these are other ones once they were stored. */
const fits: { readonly [type in ColumnType]: (value: unknown) => boolean } = {
  text: (value) => typeof value === 'string' && value.isWellFormed(),
  integer: Number.isSafeInteger,
  real: Number.isFinite
}

const needs: { readonly [type in ColumnType]: string } = {
  text: 'a well-formed text',
  integer: 'a safe whole number',
  real: 'a finite number'
}

const misfit = (name: string, type: ColumnType): Poison => ({
  tag: 'Threw',
  reason: `columnsOf gave no value for the column ${name}: it takes ${needs[type]}, or null`
})

/** What SQL is to see of a state; poison where `columnsOf` throws, or gives what its column does not take. Total. */
export const columnsOf = <S>(projection: Projection<S>, state: S, row: string): E.Either<Poison, Columns> => {
  const columns: { [name: string]: ColumnValue } = {}
  try {
    const given = projection.columnsOf?.(state, row) ?? {}
    unheard(given)
    for (const [name, type] of Object.entries(projection.columns ?? {})) {
      const value = given[name] ?? null
      if (value !== null && !fits[type](value)) return E.left(misfit(name, type))
      columns[name] = value
    }
    return E.right(columns)
  } catch (cause) {
    return E.left(thrown(cause))
  }
}
