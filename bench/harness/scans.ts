import * as E from 'fp-ts/Either'
import { sha256 } from '../../src/adapters/node/sha256.ts'
import { decodeRecorded } from '../../src/application/stream/event-text.ts'
import type { Position } from '../../src/index.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { elapsed } from './measure.ts'
import { emptyStore, rawStore, rowPages } from './raw-sqlite.ts'

const page = 1000

/** Makes a file of schema 1's rows out of a store's log. */
export const rawCopy = async (file: string, raws: string): Promise<void> => {
  emptyStore(raws)
  const like = rawStore(raws, 'OFF')
  for await (const rows of rowPages(file)) like.transaction(rows)
  like.close()
}

/** A raw scan: pages of schema 1's rows through the driver, and `JSON.parse` of both texts of each row. */
export const rawScan = async (raws: string): Promise<number> => {
  const raw = rawStore(raws)
  const scan = raw.database.prepare('SELECT * FROM events WHERE position > ? ORDER BY position LIMIT ?').raw(true)
  let kept: unknown
  const ms = await elapsed(() => {
    for (let after = 0; ; ) {
      const rows = scan.all(after, page) as ReadonlyArray<ReadonlyArray<unknown>>
      for (const row of rows) kept = [JSON.parse(String(row[5])), JSON.parse(String(row[6]))]
      if (rows.length < page) break
      after = Number(rows.at(-1)?.[0])
    }
  })
  raw.close()
  if (kept === undefined) throw new Error('the log is empty')
  return ms
}

/** The least that a reader of the ledger's events does: pages of the log, each event checked and decoded. */
export const decodedScan = async (file: string): Promise<number> => {
  const store = await openSqliteStore({ file })
  const ms = await elapsed(async () => {
    for (let after: Position | 'start' = 'start', atEnd = false; !atEnd; ) {
      const read = await store.readAll(after, 'idempotency-idem_', page)()
      if (E.isLeft(read)) throw new Error(read.left.message)
      for (const recorded of read.right.events) {
        const decoded = decodeRecorded(sha256)(recorded)
        if (E.isLeft(decoded)) throw new Error(decoded.left.message)
      }
      ;({ next: after, atEnd } = read.right)
    }
  })
  await store.dispose()
  return ms
}
