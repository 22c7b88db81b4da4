import type { Projection } from '../../src/projections.ts'

/** Counts of a key's events by type: one row a key. */
type Counts = { readonly [type: string]: number }

const more = (counts: Counts, type: string): Counts => ({ ...counts, [type]: (counts[type] ?? 0) + 1 })

export const countsOfKeys: Projection<Counts> = {
  name: 'counts_of_keys',
  version: 1,
  initialState: {},
  evolve: (counts, { type }) => more(counts, type),
  columns: { reserved: 'integer', completed: 'integer' },
  columnsOf: ({ Reserved, Completed }) => ({ reserved: Reserved ?? 0, completed: Completed ?? 0 }),
  indexes: [['completed']]
}

/** The same of all keys together, by type: rows that are no keys. */
export const countsByType: Projection<number> = {
  name: 'counts_by_type',
  version: 1,
  initialState: 0,
  rowOf: ({ type }) => type,
  evolve: (count) => count + 1,
  merge: (a, b) => a + b
}

/** Keys that are held: a row goes once the key is completed. */
export const held: Projection<{ readonly owner: string }> = {
  name: 'held',
  version: 1,
  initialState: { owner: '' },
  evolve: (state, { type, data }) => {
    if (type === 'Reserved') return { owner: data.owner }
    return type === 'Completed' || type === 'Expired' ? undefined : state
  }
}
