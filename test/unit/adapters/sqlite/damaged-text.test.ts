import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { connect } from '../../../../src/adapters/sqlite/connection.ts'
import { exactly, noStream } from '../../../../src/domain/expected-revision.ts'
import { appendOf } from '../../../support/append-of.ts'
import { executed } from '../../../support/frozen-files.ts'
import { sqliteStoreOn } from '../../../support/sqlite-store.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

/** A store with a good stream, and one of three events of which the second was changed by these statements. */
const damagedBy = async (set: string) => {
  const file = temporaryFile('store.db')
  const store = await sqliteStoreOn({ file })
  const good = appendOf(2, 'test-idem_good')
  await store.append(good)()
  await store.append(appendOf(3, 'test-idem_bad'))()
  const other = connect(file)
  other.exec(
    `UPDATE events SET ${set} WHERE revision = 1
       AND first = (SELECT first FROM events WHERE name = CAST('test-idem_bad' AS BLOB))`
  )
  other.close()
  return { file, store, good }
}

const cut = (from: number, length: string): string => `substr(body, ${from}, ${length})`

describe.each([
  ['bytes that are no event', "body = x'22ff22'"],
  ['no bytes', "body = x''"],
  ['text that is none', "body = CAST(body || x'ff' AS BLOB)"],
  ['a character more than there should be', "body = CAST(body || 'x' AS BLOB)"],
  ['a character less', `body = ${cut(1, 'length(body) - 1')}`],
  ['a form that is none', `body = CAST(x'ff' || ${cut(2, '1000')} AS BLOB)`],
  ['texts that begin beyond its end', `body = CAST(${cut(1, '1')} || x'ffff' || ${cut(4, '1000')} AS BLOB)`],
  ['texts that begin within its head', `body = CAST(${cut(1, '1')} || x'0000' || ${cut(4, '1000')} AS BLOB)`],
  ['a type that is none', 'type = 99'],
  ['a type below 0', 'type = -1'],
  ['more bytes than an event may hold', 'body = zeroblob(68000000)'],
  ['a time below 0', 'at = -1'],
  ['a time beyond the safe integers', 'at = 9223372036854775807']
])('an event with %s', (_, set) => {
  // in one test, for some of the damage takes long to make
  it('is CorruptStream for its stream and no other, is told in a page of the log, and ends a subscription', async () => {
    const { store, good } = await damagedBy(set)
    for (const direction of ['forwards', 'backwards'] as const) {
      const read = await store.readStream('test-idem_bad', direction, direction === 'forwards' ? 'start' : 'end', 10)()
      expect(read).toMatchObject({
        left: { _tag: 'CorruptStream', message: expect.stringContaining('revision 1, at position 4') }
      })
      expect(await store.readStream(good.stream, direction, 0n, 10)()).toMatchObject({
        right: [{ revision: 0n }, {}].slice(0, direction === 'forwards' ? 2 : 1)
      })
    }
    // by its stream, revision and position, and nothing else is hidden
    expect(await store.readAll('start', 'test-idem_', 100)()).toMatchObject({
      right: {
        events: [{ position: '1' }, { position: '2' }, { position: '3' }, { position: '5' }],
        unreadable: [{ position: '4', stream: 'test-idem_bad', revision: 1n, error: { _tag: 'CorruptStream' } }],
        next: '5',
        atEnd: true
      }
    })
    // in its place, and who goes on after it gets the rest
    const follow = async (after: string, most: number) => {
      const seen: Array<string> = []
      for await (const message of store.subscribe({ after, streamPrefix: 'test-idem_' })) {
        if (E.isLeft(message)) seen.push(message.left._tag)
        else if (message.right._tag === 'Event') seen.push(message.right.event.position)
        if (seen.length === most) break
      }
      return seen
    }
    expect(await follow('start', 10)).toEqual(['1', '2', '3', 'CorruptStream'])
    expect(await follow('4', 1)).toEqual(['5'])
  })

  it('ends no process that writes to its stream', async () => {
    const { store } = await damagedBy(set)
    expect(await store.append(appendOf(3, 'test-idem_bad', noStream))()).toMatchObject({
      left: { _tag: 'WrongExpectedRevision', actual: 2n }
    })
    expect(await store.append(appendOf(1, 'test-idem_bad', exactly(2n)))()).toEqual(E.right({ revision: 3n }))
  })
})

/** Takes an event out of the table, and leaves it in the index of the streams, which looks elsewhere meanwhile. */
const hide = (file: string, position: number): void => {
  const index = 'sqlite_autoindex_events_1'
  const connection = connect(file)
  const root = connection.prepare(`SELECT rootpage FROM sqlite_schema WHERE name = '${index}'`).row([])?.[0]
  connection.close()
  const looks = (at: string): string =>
    `PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = ${at} WHERE name = '${index}'`
  executed(file, 'CREATE TABLE other (a, b, UNIQUE (a, b))')
  executed(file, looks("(SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_other_1')"))
  executed(file, `PRAGMA writable_schema = ON; DELETE FROM events WHERE position = ${position}`)
  executed(file, looks(`${root}`))
  executed(file, 'DROP TABLE other')
}

it('an event that the table has lost is told in its place, before a later one that cannot be read', async () => {
  const { file, store } = await damagedBy("body = CAST(body || x'ff' AS BLOB)")
  await store.dispose()
  hide(file, 2)
  const again = await sqliteStoreOn({ file })
  const page = await again.readAll('start', 'test-idem_', 100)()
  expect(page).toMatchObject({ right: { unreadable: [{ position: '2' }, { position: '4' }] } })
  const seen: Array<string> = []
  for await (const message of again.subscribe({ after: 'start', streamPrefix: 'test-idem_' })) {
    seen.push(E.isLeft(message) ? message.left.message : message.right._tag)
  }
  expect(seen).toEqual(['Event', expect.stringContaining('position 2')])
})

describe('numbers that cannot be', () => {
  it.each([
    ['-5', 'an event, at position 4'],
    ['9223372036854775807', 'an event, at position 4']
  ])('a revision of %s is told by its position', async (revision, where) => {
    const { store } = await damagedBy(`revision = ${revision}`)
    const page = await store.readAll('start', 'test-idem_', 100)()
    expect(page).toMatchObject({
      right: { unreadable: [{ position: '4', error: { message: expect.stringContaining(where) } }] }
    })
    expect(await store.append(appendOf(1, 'test-idem_bad', noStream))()).toMatchObject({ left: {} })
  })

  it('a last position that is none is told before anything is written', async () => {
    const { file } = await damagedBy('revision = 1')
    const other = connect(file)
    other.exec('INSERT INTO removed VALUES (1, 9223372036854775807)')
    other.close()
    const store = await sqliteStoreOn({ file })
    expect(await store.append(appendOf())()).toMatchObject({
      left: { _tag: 'NotWritten', error: { _tag: 'NotAStore' } }
    })
  })
})

describe('an event that is too large', () => {
  it('is refused before it is written, with the limit', async () => {
    const store = await sqliteStoreOn()
    const append = appendOf(1, 'test-idem_a', noStream, 'x'.repeat(64 * 1024 * 1024))
    expect(await store.append(append)()).toMatchObject({
      left: { _tag: 'NotWritten', error: { _tag: 'LimitExceeded', limit: 64 * 1024 * 1024 } }
    })
  })

  it('of just that size is written, and read again', async () => {
    const store = await sqliteStoreOn({ synchronous: 'NORMAL' })
    const [stream, id, type, metadata] = ['s', 'i', 'T', '{}']
    const data = 'x'.repeat(64 * 1024 * 1024 - [stream, id, type, metadata].join('').length)
    const append = { stream, expected: noStream, events: [{ id, type, data, metadata }] }
    expect(await store.append(append)()).toEqual(E.right({ revision: 0n }))
    const read = await store.readStream(stream, 'forwards', 'start', 1)()
    const page = await store.readAll('start', '', 1)()
    for (const event of [E.isRight(read) && read.right[0], E.isRight(page) && page.right.events[0]]) {
      expect(event && event.data === data && event.id === id).toBe(true)
    }
  })

  it('shares no page with much else: a page of the log holds so many bytes and no more', async () => {
    const store = await sqliteStoreOn({ synchronous: 'NORMAL' })
    for (let n = 0; n < 5; n++) await store.append(appendOf(1, `test-idem_${n}`, noStream, 'x'.repeat(7_000_000)))()
    const sizes: Array<number> = []
    for (let after = 'start'; ; ) {
      const page = await store.readAll(after, 'test-idem_', 1000)()
      if (E.isLeft(page)) throw new Error(page.left.message)
      sizes.push(page.right.events.length)
      if (page.right.atEnd) break
      after = page.right.next
    }
    expect(sizes).toEqual([2, 2, 1])
  })
})

describe('a time of recording that is none', () => {
  it.each<readonly [string, () => number]>([
    ['a fraction', () => 1.5],
    ['not a number', () => Number.NaN],
    ['below 0', () => -1],
    [
      'one that cannot be told',
      () => {
        throw new Error('no clock')
      }
    ]
  ])('is InvalidInput, and nothing is written: %s', async (_, now) => {
    const store = await sqliteStoreOn({ now })
    const refused = { left: { _tag: 'NotWritten', error: { _tag: 'InvalidInput', path: '$.now' } } }
    expect(await store.append(appendOf())()).toMatchObject(refused)
    expect(await store.appendAtomically?.([appendOf()])()).toMatchObject(refused)
    expect(await store.readAll('start', '', 10)()).toMatchObject({ right: { events: [] } })
  })
})
