import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import type { Connection } from '../../src/adapters/sqlite/connection.ts'
import { createLedger } from '../../src/composition/ledger.ts'
import { appendOf } from '../support/append-of.ts'
import { program } from '../support/child.ts'
import { connectAround } from '../support/connect-around.ts'
import { mayMount } from '../support/may-mount.ts'
import { sqliteStoreOn } from '../support/sqlite-store.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import { storeProcess } from './store-process.ts'

const child = program('test/process/store-child.ts')

const full = { _tag: 'StoreFull', message: expect.stringContaining('the disk is full') }

describe('a file that may not grow any more', () => {
  /** SQLite itself refuses to grow the file (SQLITE_FULL), as it does where the disk is full. */
  const bounded = async () => {
    const file = temporaryFile('store.db')
    let writing: Connection | undefined
    const store = await sqliteStoreOn(
      { file },
      connectAround((sql, call, connection) => {
        if (sql === 'BEGIN IMMEDIATE') writing = connection
        return call()
      })
    )
    const limit = (pages: number): void => {
      writing?.prepare(`PRAGMA max_page_count = ${pages}`).rows([])
    }
    const pages = (): number => Number(writing?.prepare('PRAGMA page_count').rows([])[0]?.[0])
    return { file, store, limit, pages }
  }

  it('StoreFull, certainly not written, for the whole group; it goes on once there is room', async () => {
    const { store, limit, pages } = await bounded()
    const kept = appendOf(3)
    expect(await store.append(kept)()).toEqual(E.right({ revision: 2n }))
    limit(pages())
    const appends = Array.from({ length: 4 }, () => appendOf(3, undefined, undefined, 'x'.repeat(20_000)))
    for (const result of await Promise.all(appends.map((append) => store.append(append)()))) {
      expect(result).toMatchObject({ left: { _tag: 'NotWritten', error: full } })
    }
    expect(await store.appendAtomically?.(appends)()).toMatchObject({ left: { _tag: 'NotWritten', error: full } })
    expect(await store.readAll('start', '', 100)()).toMatchObject({
      right: { events: kept.events.map(({ id }) => ({ id })), next: '3', atEnd: true }
    })
    limit(1_000_000)
    for (const append of appends) expect(await store.append(append)()).toEqual(E.right({ revision: 2n }))
    expect(await store.readAll('start', '', 100)()).toMatchObject({ right: { next: '15', atEnd: true } })
  })

  it('is StoreFull to the caller of a ledger, and the same request is granted later', async () => {
    const { store, limit, pages } = await bounded()
    const ledger = createLedger({ store })
    const request = {
      tenant: { orgId: 'acme', workspaceId: 'shop', source: 'explicit' },
      operation: 'charge',
      key: 'k'.repeat(4000),
      owner: 'o'.repeat(4000),
      requestFingerprint: 'sha256:1',
      lease: 'none'
    } as const
    limit(pages())
    expect(await ledger.taskEither.reserve(request)()).toMatchObject({ left: full })
    expect(await ledger.get(request)).toBeUndefined()
    limit(1_000_000)
    expect(await ledger.reserve(request)).toMatchObject({ _tag: 'Reserved', claim: { epoch: 1 } })
    await ledger.dispose()
  })
})

/** A process whose store has a disk of its own, which no other process sees, and which is gone with it. */
const onDiskOf = (size: string, writer: 'auto' | 'worker' = 'auto') => {
  const disk = `${temporaryFile('store.db')}.disk`
  mkdirSync(disk)
  const mount = `mount -t tmpfs -o size=${size} none '${disk}' && exec "$@"`
  const store = storeProcess(
    child,
    { file: join(disk, 'store.db'), writer },
    { through: ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', mount, 'sh'] }
  )
  return { store, ballast: join(disk, 'ballast') }
}

const aFullDisk = (): void => {
  it.each(['auto', 'worker'] as const)(
    'StoreFull, certainly not written; it goes on once there is room (%s)',
    async (writer) => {
      const { store, ballast } = onDiskOf('2m', writer)
      expect(await store.does({ do: 'open' })).toBe('open')
      expect(await store.does({ do: 'append', stream: 'a' })).toBe('written 2')
      expect(await store.does({ do: 'fill', ballast })).toBe('full')
      for (let n = 0; n < 3; n++) {
        expect(await store.does({ do: 'append', stream: 'b', chars: 50_000 })).toBe('NotWritten StoreFull')
        expect(await store.does({ do: 'read', stream: 'b' })).toBe('0 events')
        expect(await store.does({ do: 'read', stream: 'a' })).toBe('3 events')
      }
      expect(await store.does({ do: 'free', ballast })).toBe('free')
      expect(await store.does({ do: 'append', stream: 'b', chars: 50_000 })).toBe('written 2')
      expect(await store.does({ do: 'append', stream: 'a', after: 2 })).toBe('written 5')
      expect(await store.does({ do: 'fill', ballast })).toBe('full')
      expect(await store.does({ do: 'dispose' })).toBe('disposed of')
      expect(await store.does({ do: 'open' })).toBe('open')
      expect(await store.does({ do: 'read', stream: 'a' })).toBe('6 events')
      expect(await store.does({ do: 'read', stream: 'b' })).toBe('3 events')
    }
  )

  it('is StoreFull too where a store is to be made', async () => {
    const { store, ballast } = onDiskOf('96k')
    expect(await store.does({ do: 'fill', ballast })).toBe('full')
    expect(await store.does({ do: 'open' })).toBe('StoreFull')
    expect(await store.does({ do: 'free', ballast })).toBe('free')
    expect(await store.does({ do: 'open' })).toBe('open')
    expect(await store.does({ do: 'append', stream: 'a' })).toBe('written 2')
  })
}

// with the right to mount one, a disk that does not come about is a failure; without it, the bounded file stands for it
if (mayMount()) describe('a disk that is full to the last byte', aFullDisk)
