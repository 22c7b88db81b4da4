import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { type Connection, connect } from '../../../../src/adapters/sqlite/connection.ts'
import { sqliteStoreBy } from '../../../../src/adapters/sqlite/event-store.ts'
import type { EventStore } from '../../../../src/application/ports/event-store.ts'
import { appendOf } from '../../../support/append-of.ts'
import { collectGarbage } from '../../../support/collect-garbage.ts'
import { connectAround } from '../../../support/connect-around.ts'
import { opened } from '../../../support/sqlite-opening.ts'
import { sqliteStoreOn } from '../../../support/sqlite-store.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

const gone = {
  _tag: 'StoreUnavailable',
  message: expect.stringMatching(/^the file was moved, removed or replaced since it was opened: \/.*\.db$/)
}

const isLost = async (store: EventStore): Promise<void> => {
  expect(await store.append(appendOf())()).toMatchObject({ left: { _tag: 'NotWritten', error: gone } })
  expect(await store.appendAtomically?.([appendOf()])()).toMatchObject({
    left: { _tag: 'NotWritten', error: gone, index: 0 }
  })
  expect(await store.readStream('s', 'forwards', 'start', 1)()).toMatchObject({ left: gone })
  expect(await store.readAll('start', '', 1)()).toMatchObject({ left: gone })
  const messages = []
  for await (const message of store.subscribe({ after: 'start', streamPrefix: '' })) messages.push(message)
  expect(messages).toMatchObject([{ left: gone }])
}

describe('a store whose file is not where it was', () => {
  it('is refused, and lets go of what it opened, whenever the file goes while it is being opened', async () => {
    let callsLeft = 0
    let open = 0
    for (let calls = 1; callsLeft <= 0; calls++) {
      const folder = dirname(temporaryFile('store.db'))
      callsLeft = calls
      const seen = <A>(answer: A): A => {
        if (--callsLeft === 0) for (const name of readdirSync(folder)) rmSync(join(folder, name))
        return answer
      }
      const connectTo = (location: string): Connection => {
        const connection = connect(location)
        open++
        return {
          exec: (sql) => seen(connection.exec(sql)),
          prepare: (sql) => seen(connection.prepare(sql)),
          close: () => {
            open--
            connection.close()
          }
        }
      }
      const store = await sqliteStoreBy(connectTo)({ file: join(folder, 'store.db'), writer: 'caller' })()
      if (E.isLeft(store)) expect(store).toMatchObject({ left: { _tag: 'StoreUnavailable' } })
      else {
        if (callsLeft <= 0) await isLost(store.right)
        await store.right.dispose()
      }
      expect(open).toBe(0)
    }
  })

  it('takes nothing and answers nothing once its folder vanished', async () => {
    const file = temporaryFile('store.db')
    const store = await sqliteStoreOn({ file })
    await store.append(appendOf())()
    rmSync(dirname(file), { recursive: true })
    await isLost(store)
    await store.dispose()
  })

  it('ends a subscription that waits, with the reason', async () => {
    const file = temporaryFile('store.db')
    const store = await sqliteStoreOn({ file })
    const messages = store.subscribe({ after: 'start', streamPrefix: '' })[Symbol.asyncIterator]()
    expect(await messages.next()).toMatchObject({ value: { right: { _tag: 'CaughtUp' } } })
    const next = messages.next()
    rmSync(file)
    expect(await next).toMatchObject({ value: { left: gone } })
    expect(await messages.next()).toMatchObject({ done: true })
  })

  it('does not take another file for its own, and nobody gets two stores under one name', async () => {
    const file = temporaryFile('store.db')
    const store = await sqliteStoreOn({ file })
    const first = appendOf()
    await store.append(first)()
    mkdirSync(join(dirname(file), 'aside'))
    for (const end of ['', '-wal', '-shm']) renameSync(file + end, join(dirname(file), 'aside', `store.db${end}`))
    const other = await sqliteStoreOn({ file })
    const second = appendOf()
    await other.append(second)()
    await isLost(store)
    expect(await other.readAll('start', '', 10)()).toMatchObject({ right: { events: [{ id: second.events[0]?.id }] } })
  })

  it('goes on where its file is put back', async () => {
    const file = temporaryFile('store.db')
    const store = await sqliteStoreOn({ file })
    renameSync(file, `${file}.aside`)
    await isLost(store)
    renameSync(`${file}.aside`, file)
    expect(await store.append(appendOf())()).toEqual(E.right({ revision: 0n }))
  })
})

describe('a store that is disposed of', () => {
  it('is whole in its one file, which can be copied without the others', async () => {
    const file = temporaryFile('store.db')
    const copy = temporaryFile('copy.db')
    const store = await sqliteStoreOn({ file })
    const append = appendOf(3)
    await store.append(append)()
    await store.dispose()
    copyFileSync(file, copy)
    const again = await sqliteStoreOn({ file: copy })
    expect(await again.readStream(append.stream, 'backwards', 'end', 1)()).toMatchObject({ right: [{ revision: 2n }] })
  })

  it.each([
    ['a moment', async () => {}],
    // what is collected twice is old, and only a whole collection takes it away
    ['long', () => collectGarbage().then(collectGarbage)]
  ])('that was open for %s lets go of its file, though somebody still holds the store', async (_, meanwhile) => {
    const file = temporaryFile('store.db')
    const store = await sqliteStoreOn({ file })
    await store.append(appendOf(3))()
    await store.readAll('start', '', 10)()
    await meanwhile()
    await store.dispose()
    const alone = connect(file)
    // needs the file for itself
    expect(alone.prepare('PRAGMA journal_mode = DELETE').rows([])).toEqual([['delete']])
    alone.close()
    expect(await store.append(appendOf())()).toMatchObject({ left: { _tag: 'NotWritten' } })
  })

  it('runs nothing any more on a connection that it closed', async () => {
    const used = new Set<Connection>()
    const store = await sqliteStoreOn(
      {},
      connectAround((sql, call, connection) => {
        if (sql.startsWith('PRAGMA synchronous')) used.add(connection)
        return call()
      })
    )
    expect(used.size).toBe(2)
    const statements = [...used].map((connection) => connection.prepare('SELECT 1'))
    for (const statement of statements) expect(statement.rows([])).toEqual([[1]])
    await store.dispose()
    for (const statement of statements) expect(() => statement.rows([])).toThrow('the connection is closed')
  })

  it('waits for what runs, however often it is disposed of', async () => {
    const store = await sqliteStoreOn()
    let answered = 0
    const appends = Array.from({ length: 300 }, () =>
      store
        .append(appendOf())()
        .then((result) => {
          if (E.isRight(result)) answered++
        })
    )
    const ends = [store.dispose(), store.dispose()].map(async (end) => {
      await end
      return answered
    })
    expect(await Promise.all(ends)).toEqual([300, 300])
    await Promise.all(appends)
  })
})

describe('a store that was disposed of', () => {
  it.each<readonly [string, (file: string) => void]>([
    ['copied', (file) => copyFileSync(file, `${file}.copy`)],
    ['read', (file) => void readFileSync(file)],
    ['moved away', (file) => renameSync(file, `${file}.old`)],
    ['removed', (file) => rmSync(file)]
  ])('has let go of its file: it can be %s, and opened again', async (_, done) => {
    const file = temporaryFile('x.db')
    for (let round = 0; round < 3; round++) {
      const store = await opened(file)
      expect(await store.append(appendOf(1))()).toEqual(E.right({ revision: 0n }))
      await store.dispose()
      expect(readdirSync(dirname(file)).filter((name) => /-(wal|shm)$/.test(name))).toEqual([])
      done(file)
    }
  })
})
