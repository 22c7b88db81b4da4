import * as E from 'fp-ts/Either'
import { expect, it, onTestFinished } from 'vitest'
import { connect } from '../../../../src/adapters/sqlite/connection.ts'
import { appendOf } from '../../../support/append-of.ts'
import { sqliteStoreOn } from '../../../support/sqlite-store.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

/** SQLite has five marks for readers; the last one is the byte before the one that each connection keeps locked. */
const readers = 8

it('a store is usable while readers stand at as many places of the log as SQLite has marks for', async () => {
  const file = temporaryFile('store.db')
  const store = await sqliteStoreOn({ file })
  for (let n = 1; n <= readers; n++) {
    expect(await store.append(appendOf())()).toMatchObject(E.right({}))
    const reader = connect(file)
    onTestFinished(() => reader.close())
    reader.exec('BEGIN')
    expect(reader.prepare('SELECT count(*) FROM events').row([])).toEqual([n])
  }
  expect(await store.readAll('start', '', 100)()).toMatchObject({ _tag: 'Right' })
})
