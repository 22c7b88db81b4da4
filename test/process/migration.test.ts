import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as E from 'fp-ts/Either'
import { describe, expect, it, onTestFinished } from 'vitest'
import { program, start } from '../support/child.ts'
import { frozen, frozenEvents, pragmaIn, schema1File } from '../support/frozen-files.ts'
import { mayMount } from '../support/may-mount.ts'
import { opened } from '../support/sqlite-opening.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import type { MigrationSaid } from './migration-child.ts'
import { storeProcess } from './store-process.ts'

const timeout = 300_000

const migrating = program('test/process/migration-child.ts')
const storeProgram = program('test/process/store-child.ts')

const opening = (file: string, options: { readonly holdAt?: number; readonly busyTimeoutMs?: number } = {}) => {
  const child = start<MigrationSaid>(migrating, { file, busyTimeoutMs: 60_000, ...options })
  return {
    ...child,
    outcome: async (): Promise<string> => {
      const said = await child.hear(({ _tag }) => _tag !== 'Progress')
      return said._tag === 'Refused' ? said.error : said._tag
    },
    standsStill: (at: number) => child.hear((said) => said._tag === 'Progress' && said.done >= at * said.total)
  }
}

const events = 3000

/** A file of so many events, of which one is made for all tests. */
let made: Buffer | undefined
const fileOfMany = async (): Promise<string> => {
  const file = temporaryFile('store.db')
  if (made === undefined) {
    await schema1File(file, events)
    made = readFileSync(file)
  } else writeFileSync(file, made)
  return file
}

/** That a file holds all that `schema1File` put into it. */
const holdsAll = async (file: string): Promise<void> => {
  const store = await opened(file, { check: 'full' })
  const page = await store.readAll('start', '', 10_000)()
  if (E.isLeft(page)) throw new Error(page.left.message)
  expect(page.right.events.map(({ id }) => id)).toEqual(Array.from({ length: events }, (_, n) => `event ${n + 1}`))
  await store.dispose()
}

describe('a process that is killed while it migrates a file', () => {
  it.each([
    ['at its first events', 0],
    ['amid the events that it writes', 0.3],
    ['amid the events that it reads back', 0.7],
    ['just before the end', 1]
  ])('leaves it as it was, and the next one begins anew: %s', { timeout }, async (_, holdAt) => {
    const file = await fileOfMany()
    const first = opening(file, { holdAt })
    await first.standsStill(holdAt)
    await first.kill()
    expect(await pragmaIn(file, 'user_version')).toBe(1)
    const next = opening(file)
    expect(await next.outcome()).toBe('Opened')
    await next.end()
    expect(await pragmaIn(file, 'user_version')).toBe(2)
    await holdsAll(file)
  })
})

describe('processes that open a file of schema 1 at once', () => {
  it('one migrates it, and the others wait and find it done', { timeout }, async () => {
    const file = await fileOfMany()
    const all = [opening(file), opening(file), opening(file)]
    expect(await Promise.all(all.map((one) => one.outcome()))).toEqual(['Opened', 'Opened', 'Opened'])
    expect(all.filter(({ said }) => said.some(({ _tag }) => _tag === 'Progress'))).toHaveLength(1)
    for (const one of all) await one.end()
    await holdsAll(file)
  })

  it('one that does not want to wait for so long is told StoreBusy', { timeout }, async () => {
    const file = await fileOfMany()
    const first = opening(file, { holdAt: 0.5 })
    await first.standsStill(0.5)
    expect(await opening(file, { busyTimeoutMs: 100 }).outcome()).toBe('StoreBusy')
    await first.kill()
    expect(await opening(file).outcome()).toBe('Opened')
    await holdsAll(file)
  })
})

/** Nobody: permissions do not bind root, so that a process of root becomes another user. */
const uid = process.getuid?.() === 0 ? 65534 : undefined

describe('a file of schema 1 that this user may not write to', () => {
  it('is read as it is, and an append is StoreReadOnly', { timeout }, async () => {
    const file = frozen('all-events.v1')
    const before = readFileSync(file)
    const [first] = frozenEvents()
    const stream = first?.stream ?? ''
    const count = frozenEvents().filter((event) => event.stream === stream).length
    chmodSync(file, 0o444)
    chmodSync(dirname(file), 0o777)
    onTestFinished(() => chmodSync(dirname(file), 0o700))
    const store = storeProcess(storeProgram, { file, uid })
    expect(await store.does({ do: 'open' })).toBe('open')
    expect(await store.does({ do: 'read', stream })).toBe(`${count} events`)
    expect(await store.does({ do: 'append', stream: 'new' })).toBe('NotWritten StoreReadOnly')
    expect(await store.does({ do: 'dispose' })).toBe('disposed of')
    await store.kill()
    expect(readFileSync(file).equals(before)).toBe(true)
  })
})

// with the right to mount one, a disk that does not come about is a failure
if (mayMount()) {
  describe('a disk that is full half-way through a migration', () => {
    it('is StoreFull, the file is as it was, and once there is room it is migrated', { timeout }, async () => {
      const file = await fileOfMany()
      const disk = `${file}.disk`
      mkdirSync(disk)
      const [inside, ballast] = [join(disk, 'store.db'), join(disk, 'ballast')]
      const room = statSync(file).size + 4 * 1024 * 1024
      const mount = `mount -t tmpfs -o size=${room} none '${disk}' && cp '${file}' '${inside}' &&
        head -c ${room - statSync(file).size - 256 * 1024} /dev/zero > '${ballast}' && exec "$@"`
      const through = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', mount, 'sh'] as const
      const store = storeProcess(storeProgram, { file: inside }, { through })
      for (let n = 0; n < 2; n++) expect(await store.does({ do: 'open' })).toBe('StoreFull')
      expect(await store.does({ do: 'free', ballast })).toBe('free')
      expect(await store.does({ do: 'open' })).toBe('open')
      expect(await store.does({ do: 'read', stream: 'test-idem_19' })).toBe('2 events')
      expect(await store.does({ do: 'append', stream: 'new' })).toBe('written 2')
    })
  })
}
