import { rmSync } from 'node:fs'
import type { Projection } from '../../src/projections.ts'
import { createProjections, openSqliteViews } from '../../src/projections.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { elapsed } from '../harness/measure.ts'

type Counted = { readonly seen: number }

/** A view of few rows, whose rebuild costs little beyond what the toolkit itself does. */
export const countsByType: Projection<Counted> = {
  name: 'counts_by_type',
  version: 1,
  initialState: { seen: 0 },
  rowOf: ({ type }) => type,
  evolve: ({ seen }) => ({ seen: seen + 1 })
}

/** Builds a view of a log in a new file; how long that took, ms. */
export const rebuildOf = async <S>(file: string, projection: Projection<S>, events: number): Promise<number> => {
  const store = await openSqliteStore({ file })
  const at = `${file}.views`
  const views = await openSqliteViews({ file: at })
  const projections = createProjections({ store, views })
  try {
    let taken = 0
    const ms = await elapsed(async () => {
      const rebuilt = await projections.rebuild(projection)
      taken = rebuilt.events
    })
    if (taken !== events) throw new Error(`${taken} events of ${events} were taken in`)
    return ms
  } finally {
    await projections.dispose()
    await views.dispose()
    await store.dispose()
    for (const end of ['', '-wal', '-shm']) rmSync(`${at}${end}`, { force: true })
  }
}
