import * as E from 'fp-ts/Either'
import { expect, it } from 'vitest'
import { openSqliteStore } from '../../../../src/sqlite.ts'
import { appendOf } from '../../../support/append-of.ts'
import { executed, schema1File } from '../../../support/frozen-files.ts'
import { opened, refusal } from '../../../support/sqlite-opening.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

const far = 2 ** 48

const written = async (): Promise<string> => {
  const file = temporaryFile('store.db')
  const store = await opened(file)
  for (const stream of ['a', 'b']) expect(E.isRight(await store.append(appendOf(2, stream))())).toBe(true)
  await store.dispose()
  return file
}

it('a log that says it got very far is read to its end, not position by position', async () => {
  const file = await written()
  executed(file, `INSERT INTO removed VALUES (1, ${far})`)
  const store = await opened(file)
  const pages: Array<number> = []
  for (let after = 'start', atEnd = false; !atEnd && pages.length < 10; ) {
    const page = await store.readAll(after, '', 100)()
    if (E.isLeft(page)) return expect.unreachable(page.left.message)
    pages.push(page.right.events.length)
    ;({ next: after, atEnd } = page.right)
  }
  expect(pages.reduce((sum, events) => sum + events, 0)).toBe(4)
  expect(pages.length).toBeLessThan(5)
  await store.dispose()
})

it('a file of schema 1 that says so is migrated, and goes on from there', async () => {
  const file = temporaryFile('store.db')
  await schema1File(file, 10)
  executed(file, `UPDATE sqlite_sequence SET seq = ${far}`)
  const store = await openSqliteStore({ file })
  expect(E.isRight(await store.append(appendOf(1, 'later'))())).toBe(true)
  const page = await store.readAll(String(far), '', 10)()
  expect(E.isRight(page) && page.right.events.map(({ position }) => position)).toEqual([String(far + 1)])
  await store.dispose()
})

it('a file of schema 1 that says what no position can be is damaged, and stays as it is', async () => {
  const file = temporaryFile('store.db')
  await schema1File(file, 10)
  executed(file, 'UPDATE sqlite_sequence SET seq = 9007199254740991')
  expect(await refusal({ file })).toMatchObject({ _tag: 'NotAStore' })
})

it('a stream whose first event alone is gone is found by a full check', async () => {
  const file = await written()
  executed(file, "DELETE FROM events WHERE name = CAST('a' AS BLOB)")
  expect(await refusal({ file, check: 'full' })).toMatchObject({
    _tag: 'NotAStore',
    message: expect.stringContaining('position 2')
  })
})

it('a page of a stream with a long name holds few of its events, not all of them each with its name', async () => {
  const store = await opened(temporaryFile('store.db'))
  const name = 'n'.repeat(4 * 1024 * 1024)
  expect(E.isRight(await store.append(appendOf(20, name))())).toBe(true)
  const page = await store.readAll('start', '', 1000)()
  expect(E.isRight(page) && page.right.events.length).toBeLessThan(10)
  await store.dispose()
})
