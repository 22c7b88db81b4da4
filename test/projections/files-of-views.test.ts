import { describe, expect, it } from 'vitest'
import { connect } from '../../src/adapters/sqlite/connection.ts'
import { openSqliteViews } from '../../src/projections.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { temporaryFile } from '../support/temporary-file.ts'

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
