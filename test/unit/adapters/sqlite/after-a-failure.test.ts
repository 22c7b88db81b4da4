import { readFileSync, writeFileSync } from 'node:fs'
import * as E from 'fp-ts/Either'
import { expect, it, onTestFinished } from 'vitest'
import { connect } from '../../../../src/adapters/sqlite/connection.ts'
import { openSqliteStore } from '../../../../src/sqlite.ts'
import { appendOf } from '../../../support/append-of.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

it('a statement that failed amid its work works again', () => {
  const connection = connect(temporaryFile('any.db'))
  onTestFinished(connection.close)
  const parsed = connection.prepare('SELECT json(?)')
  for (const read of [parsed.row, parsed.rows]) {
    expect(() => read(['{'])).toThrow('malformed JSON')
    expect(parsed.row(['{}'])).toEqual(['{}'])
  }
})

const pageSize = 4096
const leafOfTable = 13

const streams = Array.from({ length: 90 }, (_, n) => `test-idem_${String(n).padStart(64, '0')}`)

/** A file of 90 streams, of which a page of the table is damaged. */
const damaged = async (): Promise<string> => {
  const file = temporaryFile('store.db')
  const whole = await openSqliteStore({ file, synchronous: 'NORMAL' })
  for (const stream of streams) await whole.append({ ...appendOf(), stream })()
  await whole.dispose()
  const bytes = readFileSync(file)
  const leaves = Array.from({ length: bytes.length / pageSize }, (_, page) => page * pageSize).filter(
    (at) => at > 0 && bytes[at] === leafOfTable && bytes.readUInt16BE(at + 3) > 5
  )
  const [, leaf] = leaves
  if (leaf === undefined) throw new Error('the events lie on one page')
  bytes[leaf] = 0
  writeFileSync(file, bytes)
  return file
}

it('a place that is damaged keeps no other stream from being read, whatever was read before', async () => {
  const store = await openSqliteStore({ file: await damaged() })
  onTestFinished(store.dispose)
  const readable = async (asked: ReadonlyArray<string>) => {
    const found = new Set<string>()
    for (const stream of asked) {
      if (E.isRight(await store.readStream(stream, 'backwards', 'end', 1)())) found.add(stream)
    }
    return found
  }
  const found = await readable(streams)
  expect(found.size).toBeGreaterThan(0)
  expect(found.size).toBeLessThan(streams.length)
  expect(await readable(streams.toReversed())).toEqual(found)
  expect(found.has(streams.at(-1) ?? '')).toBe(true)
})

it.each(['caller', 'worker'] as const)(
  'a place that is damaged keeps no other stream from being written, whatever it is written with: %s',
  async (writer) => {
    const store = await openSqliteStore({ file: await damaged(), writer })
    onTestFinished(store.dispose)
    const unreadable = new Set<string>()
    for (const stream of streams) {
      if (E.isLeft(await store.readStream(stream, 'backwards', 'end', 1)())) unreadable.add(stream)
    }
    const [bad] = unreadable
    // far from all of those in the index, whose neighbours a new stream's are looked at
    const sound = Array.from({ length: 40 }, () => appendOf())
    const asked = [...sound.slice(0, 20), { ...appendOf(), stream: bad ?? '' }, ...sound.slice(20)]
    const [first, ...results] = await Promise.all(asked.toReversed().map((append) => store.append(append)()))
    const failed = [first, ...results].filter((result) => result !== undefined && E.isLeft(result))
    expect(failed).toMatchObject([{ left: { _tag: 'NotWritten', error: { _tag: 'NotAStore' } } }])
    for (const { stream } of sound) {
      expect(await store.readStream(stream, 'forwards', 'start', 9)()).toMatchObject({ right: [{ revision: 0n }] })
    }
  }
)
