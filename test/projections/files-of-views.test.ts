import { describe, expect, it } from 'vitest'
import { connect } from '../../src/adapters/sqlite/connection.ts'
import { type OpenedViewStore, openSqliteViews, type Projections } from '../../src/projections.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import { keys, reserveKeys, world } from './set-up.ts'
import { countsOfKeys } from './three-projections.ts'

describe('the file of a store', () => {
  it('is one for its views also while its marks stand in the write-ahead log alone', async () => {
    const file = temporaryFile('store.db')
    const connection = connect(file)
    connection.prepare('PRAGMA journal_mode = WAL').row([])
    connection.close()
    const store = await openSqliteStore({ file })
    const views = await openSqliteViews({ file })
    expect(Object.keys(views)).toContain('besideLog')
    await views.dispose()
    await store.dispose()
  })
})

describe('a file of views alone', () => {
  it('is no store, which says what to do', async () => {
    const file = temporaryFile('views.db')
    const views = await openSqliteViews({ file })
    const told = { tag: 'NotAStore', message: expect.stringContaining('open the store first') }
    await expect(openSqliteStore({ file })).rejects.toMatchObject(told)
    await views.dispose()
    await expect(openSqliteStore({ file })).rejects.toMatchObject(told)
  })
})

describe('a file of views that was read', () => {
  /** Whether all of the log beside the file can be taken into it, which no reader that is still there lets happen. */
  const isLetGo = (file: string): boolean => {
    const connection = connect(file)
    try {
      connection.exec("INSERT INTO skipped VALUES ('x', 'idem_x', NULL, hex(randomblob(8)), 'me', 'why', 0)")
      const [checkpointed] = connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').rows([])
      return checkpointed?.[0] === 0
    } finally {
      connection.close()
    }
  }
  it.each<[string, (projections: Projections, views: OpenedViewStore) => Promise<unknown>]>([
    ['by a page', (projections) => projections.view(countsOfKeys).page()],
    ['by a walk', (projections) => projections.view(countsOfKeys).walk(() => true)],
    ['by verify', (projections) => projections.verify(countsOfKeys)],
    ['of a build that is not there', (_, views) => views.snapshot(99)()]
  ])('%s is let go of at once', async (_, read) => {
    const file = temporaryFile('views.db')
    const views = await openSqliteViews({ file })
    const { projections, ledger } = await world({ views })
    await reserveKeys(ledger, ...keys(2))
    await projections.rebuild(countsOfKeys)
    expect(isLetGo(file)).toBe(true)
    await read(projections, views)
    expect(isLetGo(file)).toBe(true)
  })
})
