import { execFileSync } from 'node:child_process'
import * as E from 'fp-ts/Either'
import Database from 'libsql'
import { describe, expect, it } from 'vitest'
import { packed } from '../../src/adapters/sqlite/codec/event-body.ts'
import { streamName } from '../../src/adapters/sqlite/codec/stream-name.ts'
import { createLedger, type KeyfoldError, recordId } from '../../src/index.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { read } from '../support/documents.ts'
import { chained } from '../support/hash-chain.ts'
import { asking, done, keyOf } from '../support/scripted-ledger.ts'
import { temporaryFile } from '../support/temporary-file.ts'

const page = read('docs/explanation/security.md')
const marker = 'A-KEY-IN-CLEAR'
const streamOf = (key: string): string => `idempotency-${recordId(keyOf(key).tenant, 'op', key)}`

type Row = { readonly type: string; readonly data: string; readonly metadata: string }

/** A file with two keys: completed, and with a duplicate behind it. */
const store = async (): Promise<string> => {
  const file = temporaryFile('store.db')
  const opened = await openSqliteStore({ file })
  const ledger = createLedger({ store: opened })
  for (const key of [marker, 'other']) {
    const answer = await ledger.reserve(asking({ key }))
    if (answer._tag !== 'Reserved') return expect.unreachable()
    await ledger.complete({ claim: answer.claim, outcome: done })
    await ledger.reserve(asking({ key, owner: 'again' }))
  }
  await ledger.dispose()
  await opened.dispose()
  return file
}

/** What a writer of the store does to it, while nobody else has it open. */
/** Read by another process: one that closes the file drops the locks that the driver has on it. */
const bytesOf = (file: string): Buffer => execFileSync('cat', [file], { maxBuffer: 64 * 1024 * 1024 })

const write = (file: string, ...statements: ReadonlyArray<string>): void => {
  const database = new Database(file)
  for (const statement of statements) database.exec(statement)
  database.close()
}

const rowsOf = async (file: string, stream: string): Promise<ReadonlyArray<Row>> => {
  const opened = await openSqliteStore({ file })
  const read = await opened.readStream(stream, 'forwards', 'start', 100)()
  await opened.dispose()
  return E.isRight(read) ? read.right : expect.unreachable()
}

/** What a later process makes of the key: its record, or the tag of the failure. */
const later = async (file: string, key = marker) => {
  const opened = await openSqliteStore({ file })
  const ledger = createLedger({ store: opened })
  try {
    await ledger.history(keyOf(key))
    return (await ledger.get(keyOf(key))) ?? 'never seen'
  } catch (cause) {
    return (cause as KeyfoldError).tag
  } finally {
    await ledger.dispose()
    await opened.dispose()
  }
}

const hexOf = (bytes: Buffer): string => `x'${bytes.toString('hex')}'`
const nameOf = (key: string): string => hexOf(streamName(streamOf(key)))
const firstOf = (key: string): string => `first = (SELECT first FROM events WHERE name = ${nameOf(key)})`
const at = (revision: number): string => `${firstOf(marker)} AND revision = ${revision}`

describe('what the page on security says of the hash chain', () => {
  it.each([
    ['with a byte changed', `UPDATE events SET body = CAST(replace(body, 'done', 'gone') AS BLOB) WHERE ${at(1)}`],
    ['taken out of the middle', `DELETE FROM events WHERE ${at(1)}`],
    ['put elsewhere', `UPDATE events SET revision = 9 WHERE ${at(1)}; UPDATE events SET revision = 1 WHERE ${at(2)}`],
    [
      'of another key',
      `DELETE FROM events WHERE ${at(0)}; UPDATE events SET name = ${nameOf(marker)} WHERE name = ${nameOf('other')}`
    ]
  ])('an event %s is found out', async (_, statement) => {
    const file = await store()
    write(file, statement)
    expect(await later(file)).toBe('CorruptStream')
    expect(await later(file, 'missing')).toBe('never seen')
  })

  it('a tail that was cut off is not', async () => {
    const file = await store()
    write(file, `DELETE FROM events WHERE ${firstOf(marker)} AND revision > 0`)
    expect(await later(file)).toMatchObject({ status: 'reserved' })
  })

  it('a chain that was made anew is not', async () => {
    const file = await store()
    const rows = (await rowsOf(file, streamOf(marker))).map(({ type, data, metadata }) => ({
      type,
      data: JSON.parse(data.replace('"done"', '"forged"')),
      metadata: { schemaVersion: JSON.parse(metadata).schemaVersion }
    }))
    const forged = chained(streamOf(marker), rows)
    write(
      file,
      ...forged.map(
        (event, revision) =>
          `UPDATE events SET body = ${hexOf(packed(event, streamOf(marker), revision === 0).body)} WHERE ${at(revision)}`
      )
    )
    expect(await later(file)).toMatchObject({ outcome: { outcomeKind: 'forged' } })
  })
})

describe('what the page on security says of personal data', () => {
  it('a key is in clear in the events and in no name; erased as it says, no byte of it is left, and the others are', async () => {
    const file = await store()
    expect(streamOf(marker)).not.toContain(marker)
    expect(bytesOf(file).includes(marker)).toBe(true)
    expect(page).toContain('sqlite-store.md#removing-a-key')
    const [, statements = ''] =
      /```sql\n(PRAGMA secure_delete[^`]*)```/.exec(read('docs/reference/sqlite-store.md')) ?? []
    const stream = streamOf(marker)
    write(file, ...statements.trim().replace('STREAM', stream).split('\n'))
    expect(bytesOf(file).includes(marker)).toBe(false)
    expect(await later(file)).toBe('never seen')
    expect(await later(file, 'other')).toMatchObject({ status: 'completed' })
  })
})
