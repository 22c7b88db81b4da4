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

it('a place that is damaged keeps no other stream from being read, whatever was read before', async () => {
  const file = temporaryFile('store.db')
  const streams = Array.from({ length: 90 }, (_, n) => `test-idem_${String(n).padStart(64, '0')}`)
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
  const store = await openSqliteStore({ file })
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
