import { readFileSync } from 'node:fs'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { connect } from '../../../../src/adapters/sqlite/connection.ts'
import type { MigrationProgress } from '../../../../src/adapters/sqlite/migration/progress.ts'
import type { EventStore } from '../../../../src/application/ports/event-store.ts'
import { createLedger } from '../../../../src/composition/ledger.ts'
import { appendOf } from '../../../support/append-of.ts'
import { collectGarbage } from '../../../support/collect-garbage.ts'
import { connectAround, sqliteError } from '../../../support/connect-around.ts'
import { executed, frozen, frozenEvents, pragmaIn, schema1File } from '../../../support/frozen-files.ts'
import { opened, refusal } from '../../../support/sqlite-opening.ts'
import { sqliteStoreOn } from '../../../support/sqlite-store.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

const logOf = async (store: EventStore) => {
  const page = await store.readAll('start', '', 10_000)()
  return E.isRight(page) ? page.right : expect.unreachable(page.left.message)
}

/** Connections to a file that this process may not write to. */
const readOnly = connectAround((sql, call) => {
  if (sql === 'BEGIN IMMEDIATE') throw sqliteError('SQLITE_READONLY', 8)
  return call()
})

describe('a file of schema 1', () => {
  it('gives back every event as it was: all types, snapshots, actors, other spellings, and no removed key', async () => {
    const file = frozen('all-events.v1')
    const store = await opened(file)
    const { events, unreadable } = await logOf(store)
    expect(unreadable).toBeUndefined()
    expect(events).toEqual(frozenEvents())
    const byStream = new Map<string, Array<unknown>>()
    for (const event of events) byStream.set(event.stream, [...(byStream.get(event.stream) ?? []), event])
    for (const [stream, its] of byStream) {
      expect(await store.readStream(stream, 'forwards', 'start', 1000)()).toEqual(E.right(its))
      expect(await store.readStream(stream, 'backwards', 'end', 1000)()).toEqual(E.right(its.toReversed()))
    }
    await store.dispose()
    expect(await pragmaIn(file, 'user_version')).toBe(2)
    expect(await pragmaIn(file, 'integrity_check')).toBe('ok')
    const again = await opened(file, { check: 'full' })
    expect((await logOf(again)).events).toEqual(frozenEvents())
    await again.dispose()
  })

  it('goes on as a ledger: what was completed is replayed, what was held is held', async () => {
    const store = await sqliteStoreOn({ file: frozen('all-events.v1') })
    const ledger = createLedger({ store, clock: () => 1_767_225_600_000 })
    const held = { orgId: 'acme', workspaceId: 'shop', source: 'local_implicit' } as const
    const request = {
      tenant: held,
      operation: 'payment.charge',
      owner: 'worker-9',
      requestFingerprint: `sha256:${'7f83b165'.repeat(8)}`,
      lease: 'none'
    } as const
    expect(await ledger.reserve({ ...request, key: 'taken over' })).toMatchObject({
      _tag: 'Duplicate',
      record: { epoch: 2, outcome: { outcomeKind: 'x' } }
    })
    expect(await ledger.reserve({ ...request, key: 'long' })).toMatchObject({
      _tag: 'Duplicate',
      record: { duplicateCount: 71 }
    })
    expect(await ledger.reserve({ ...request, key: 'removed amid the log' })).toMatchObject({ _tag: 'Reserved' })
  })

  it('gives no position a second time, though the events at the end of its log were removed', async () => {
    const store = await sqliteStoreOn({ file: frozen('all-events.v1') })
    const last = (await logOf(store)).events.at(-1)?.position
    await store.append(appendOf(1))()
    // two keys had been reserved after it, and were removed
    expect((await logOf(store)).events.at(-1)?.position).toBe(String(Number(last) + 2))
  })

  it('tells how far it is, up to the end; and a file that is migrated tells nothing', async () => {
    const file = temporaryFile('store.db')
    await schema1File(file, 1234)
    const told: Array<MigrationProgress> = []
    const onMigration = (progress: MigrationProgress): void => void told.push(progress)
    await (await opened(file, { onMigration })).dispose()
    expect(told.map(({ total }) => total)).toEqual(told.map(() => 2468))
    expect(told.map(({ done }) => done)).toEqual(told.map(({ done }) => done).toSorted((a, b) => a - b))
    expect(told.length).toBeGreaterThan(4)
    expect(told.at(-1)?.done).toBe(2468)
    told.length = 0
    await (await opened(file, { onMigration })).dispose()
    expect(told).toEqual([])
  })

  it('that lost its marks, as a dump that was restored has, is migrated too', async () => {
    const file = frozen('all-events.v1')
    executed(file, 'PRAGMA application_id = 0; PRAGMA user_version = 0')
    const store = await sqliteStoreOn({ file })
    expect((await logOf(store)).events).toEqual(frozenEvents())
  })

  it('with nothing in it becomes an empty store', async () => {
    const file = temporaryFile('store.db')
    await schema1File(file, 1)
    executed(file, 'DELETE FROM events')
    const store = await sqliteStoreOn({ file })
    expect((await logOf(store)).events).toEqual([])
    await store.append(appendOf(1))()
    expect((await logOf(store)).events.map(({ position }) => position)).toEqual(['2'])
  })
})

describe('a file of schema 1 that is not to be migrated stays as it was', () => {
  const kept = async (file: string, attempt: () => Promise<void>): Promise<void> => {
    await collectGarbage()
    const before = readFileSync(file)
    await attempt()
    await collectGarbage()
    expect(await pragmaIn(file, 'user_version')).toBe(1)
    expect(readFileSync(file).equals(before)).toBe(true)
  }

  it('a damaged event: CorruptStream, by its revision and position', async () => {
    const file = frozen('damaged.v1')
    await kept(file, async () => {
      for (let n = 0; n < 2; n++) {
        expect(await refusal({ file })).toMatchObject({
          _tag: 'CorruptStream',
          message: expect.stringMatching(/^revision \d+, at position 7 of the file, cannot be read/)
        })
      }
    })
  })

  it('an event that follows on none: CorruptStream', async () => {
    const file = temporaryFile('store.db')
    await schema1File(file, 30)
    executed(file, 'DELETE FROM events WHERE position = 19; PRAGMA wal_checkpoint(TRUNCATE)')
    await kept(file, async () => {
      expect(await refusal({ file })).toMatchObject({
        _tag: 'CorruptStream',
        message: expect.stringContaining('revision 1, at position 20')
      })
    })
  })

  it('a listener that throws: Aborted', async () => {
    const file = temporaryFile('store.db')
    await schema1File(file, 1000)
    const cause = new Error('enough')
    await kept(file, async () => {
      const onMigration = (): never => {
        throw cause
      }
      expect(await refusal({ file, onMigration })).toMatchObject({ _tag: 'Aborted', cause })
    })
  })

  it('an event that reads otherwise once it is written: it is read back, and compared', async () => {
    const file = temporaryFile('store.db')
    await schema1File(file, 30)
    let inserted = 0
    const flipping = connectAround((sql, call, connection) => {
      const result = call()
      if (sql.startsWith('INSERT INTO events') && ++inserted === 17) {
        connection.exec("UPDATE events SET body = CAST(replace(body, '17', '71') AS BLOB) WHERE position = 17")
      }
      return result
    })
    await kept(file, async () => {
      await expect(sqliteStoreOn({ file }, flipping)).rejects.toThrow(
        'what was written for position 17 reads otherwise'
      )
    })
  })

  it('where nothing may be written it is read as it is, and an append is StoreReadOnly', async () => {
    const file = frozen('all-events.v1')
    await kept(file, async () => {
      const store = await sqliteStoreOn({ file }, readOnly)
      expect((await logOf(store)).events).toEqual(frozenEvents())
      expect(await store.append(appendOf(1))()).toMatchObject({
        left: { _tag: 'NotWritten', error: { _tag: 'StoreReadOnly' } }
      })
      await store.dispose()
    })
  })

  it('and a damaged one too: all but the stream that the damage is in', async () => {
    const store = await sqliteStoreOn({ file: frozen('damaged.v1') }, readOnly)
    const { events, unreadable = [] } = await logOf(store)
    expect(events).toEqual(frozenEvents().filter(({ position }) => position !== '7'))
    expect(unreadable).toMatchObject([{ position: '7', error: { _tag: 'CorruptStream' } }])
    const stream = unreadable[0]?.stream ?? ''
    expect(await store.readStream(stream, 'forwards', 'start', 100)()).toMatchObject({
      left: { _tag: 'CorruptStream' }
    })
  })
})

describe('a store whose file another keyfold migrates under it', () => {
  const told = async (store: EventStore, error: unknown): Promise<void> => {
    expect(await store.append(appendOf())()).toMatchObject({ left: { _tag: 'NotWritten', error } })
    expect(await store.appendAtomically?.([appendOf()])()).toMatchObject({ left: { _tag: 'NotWritten', error } })
    expect(await store.readStream('s', 'forwards', 'start', 1)()).toMatchObject({ left: error })
    expect(await store.readAll('start', '', 10)()).toMatchObject({ left: error })
  }

  it('refuses by name what is newer than itself', async () => {
    const file = temporaryFile('store.db')
    const store = await sqliteStoreOn({ file })
    expect(E.isRight(await store.append(appendOf())())).toBe(true)
    const newer = connect(file)
    newer.exec('PRAGMA user_version = 3')
    newer.close()
    const message = expect.stringContaining('store schema version 3 is newer than supported version 2')
    await told(store, { _tag: 'UnsupportedVersion', message })
    expect(await refusal({ file })).toMatchObject({ _tag: 'UnsupportedVersion', message })
  })

  it('reads it no more as what it was, and says to open it again', async () => {
    const file = frozen('all-events.v1')
    const store = await sqliteStoreOn({ file }, readOnly)
    expect((await logOf(store)).events).toHaveLength(frozenEvents().length)
    const other = await sqliteStoreOn({ file })
    const error = { _tag: 'StoreUnavailable', message: `another process has migrated the file: open it again: ${file}` }
    expect(await store.readStream('s', 'forwards', 'start', 1)()).toMatchObject({ left: error })
    expect(await store.readAll('start', '', 10)()).toMatchObject({ left: error })
    await other.dispose()
  })

  it('takes a version that went back for damage', async () => {
    const file = temporaryFile('store.db')
    const store = await sqliteStoreOn({ file })
    const other = connect(file)
    other.exec('PRAGMA user_version = 1')
    other.close()
    await told(store, { _tag: 'NotAStore' })
  })
})
