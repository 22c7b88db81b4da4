import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connect } from '../../src/adapters/sqlite/connection.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { appendOf } from '../support/append-of.ts'
import { program } from '../support/child.ts'
import { collectGarbage } from '../support/collect-garbage.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import { storeProcess } from './store-process.ts'

const child = program('test/process/store-child.ts')

/** Nobody: permissions do not bind root, so that a process of root becomes another user. */
const uid = process.getuid?.() === 0 ? 65534 : undefined

/** A file, and its folder, with the permissions that others have; its own again once the test is done. */
const permitted = (file: string, ofFile: number, ofFolder: number): void => {
  const folder = dirname(file)
  for (const name of readdirSync(folder)) chmodSync(`${folder}/${name}`, ofFile)
  chmodSync(folder, ofFolder)
  onTestFinished(() => chmodSync(folder, 0o700))
}

/** A store with three events, and nothing beside its file. */
const storeIn = async (file: string): Promise<void> => {
  const store = await openSqliteStore({ file })
  await store.append(appendOf(3, 's'))()
  await store.dispose()
  await collectGarbage()
  expect(readdirSync(dirname(file))).toEqual(['store.db'])
}

const [mayRead, mayWrite, mayNeither] = [0o444, 0o666, 0o000]
const [folderMayRead, folderMayWrite, folderMayNeither] = [0o555, 0o777, 0o000]

describe('where this user may not write', () => {
  it.each(['auto', 'worker'] as const)(
    'a file without write permission can be read, and an append is StoreReadOnly (writer: %s)',
    async (writer) => {
      const file = temporaryFile('store.db')
      await storeIn(file)
      const before = readFileSync(file)
      permitted(file, mayRead, folderMayWrite)
      const store = storeProcess(child, { file, uid, writer })
      expect(await store.does({ do: 'open' })).toBe('open')
      expect(await store.does({ do: 'read', stream: 's' })).toBe('3 events')
      for (const after of [2, 0]) {
        expect(await store.does({ do: 'append', stream: 's', after })).toBe('NotWritten StoreReadOnly')
      }
      expect(await store.does({ do: 'append', stream: 'new' })).toBe('NotWritten StoreReadOnly')
      expect(await store.does({ do: 'read', stream: 's' })).toBe('3 events')
      expect(await store.does({ do: 'dispose' })).toBe('disposed of')
      await store.kill()
      expect(readFileSync(file).equals(before)).toBe(true)
    }
  )

  it('a folder without write permission is StoreReadOnly, since SQLite needs it even for reading', async () => {
    const file = temporaryFile('store.db')
    await storeIn(file)
    for (const ofFile of [mayRead, mayWrite]) {
      permitted(file, ofFile, folderMayRead)
      const store = storeProcess(child, { file, uid })
      expect(await store.does({ do: 'open' })).toBe('StoreReadOnly')
      expect(readdirSync(dirname(file))).toEqual(['store.db'])
    }
  })

  it('beside a process that may write, it can be read though the folder is not to be written to', async () => {
    const file = temporaryFile('store.db')
    await storeIn(file)
    const writer = await openSqliteStore({ file })
    onTestFinished(() => writer.dispose())
    await writer.append(appendOf(2, 't'))()
    permitted(file, mayRead, folderMayRead)
    const store = storeProcess(child, { file, uid })
    expect(await store.does({ do: 'open' })).toBe('open')
    expect(await store.does({ do: 'read', stream: 't' })).toBe('2 events')
    expect(await store.does({ do: 'append', stream: 't', after: 1 })).toBe('NotWritten StoreReadOnly')
    await writer.append(appendOf(1, 'u'))()
    expect(await store.does({ do: 'read', stream: 'u' })).toBe('1 events')
  })

  it('beside what a killed process left, it can be read all the same', async () => {
    const file = temporaryFile('store.db')
    const writer = storeProcess(child, { file })
    expect(await writer.does({ do: 'open' })).toBe('open')
    expect(await writer.does({ do: 'append', stream: 's' })).toBe('written 2')
    await writer.kill()
    permitted(file, mayRead, folderMayRead)
    const store = storeProcess(child, { file, uid })
    expect(await store.does({ do: 'open' })).toBe('open')
    expect(await store.does({ do: 'read', stream: 's' })).toBe('3 events')
    expect(await store.does({ do: 'append', stream: 's', after: 2 })).toBe('NotWritten StoreReadOnly')
  })

  it('a store that was taken out of WAL mode can be read from a folder without write permission', async () => {
    const file = temporaryFile('store.db')
    await storeIn(file)
    const shell = connect(file)
    shell.exec('PRAGMA journal_mode = DELETE')
    shell.close()
    permitted(file, mayRead, folderMayRead)
    const store = storeProcess(child, { file, uid })
    expect(await store.does({ do: 'open' })).toBe('open')
    expect(await store.does({ do: 'read', stream: 's' })).toBe('3 events')
    expect(await store.does({ do: 'append', stream: 's', after: 2 })).toBe('NotWritten StoreReadOnly')
    expect(readdirSync(dirname(file))).toEqual(['store.db'])
  })

  it('no file yet, in a folder without write permission: StoreReadOnly', async () => {
    const file = temporaryFile('store.db')
    permitted(file, mayRead, folderMayRead)
    const store = storeProcess(child, { file, uid })
    expect(await store.does({ do: 'open' })).toBe('StoreReadOnly')
    expect(readdirSync(dirname(file))).toEqual([])
  })

  it('an empty file without write permission: StoreReadOnly, and it stays empty', async () => {
    const file = temporaryFile('store.db')
    writeFileSync(file, '')
    permitted(file, mayRead, folderMayWrite)
    const store = storeProcess(child, { file, uid })
    expect(await store.does({ do: 'open' })).toBe('StoreReadOnly')
    expect(statSync(file).size).toBe(0)
  })

  it('a file that may not even be read, or a folder that may not be entered: AccessDenied', async () => {
    const file = temporaryFile('store.db')
    await storeIn(file)
    for (const [ofFile, ofFolder] of [
      [mayNeither, folderMayWrite],
      [mayWrite, folderMayNeither]
    ] as const) {
      permitted(file, ofFile, ofFolder)
      const store = storeProcess(child, { file, uid })
      expect(await store.does({ do: 'open' })).toBe('AccessDenied')
      await store.kill()
    }
  })
})
