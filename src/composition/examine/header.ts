import type { Stats } from 'node:fs'
import { open, realpath, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { lookAt } from '../../adapters/sqlite/path-fault.ts'

export const megabyte = 1024 * 1024
export const megabytes = (bytes: number): string => `${(bytes / megabyte).toFixed(1)} MB`

/** The file that a name leads to, where it leads to one: SQLite keeps the log beside that, and not beside a link. */
export const fileAt = (name: string): Promise<string> => realpath(name).catch(() => resolve(name))

/** Why nobody can say whether there is something at a path, if so. */
export const unreachable = (path: string): string | undefined => {
  const there = lookAt(path)
  return typeof there === 'object' ? there.message : undefined
}

/** What a path leads to, where it leads to something. */
export const statOf = (path: string): Promise<Stats | undefined> => stat(path).catch(() => undefined)

/** The size of a file, 0 where there is none. */
export const bytesOf = async (path: string): Promise<number> => (await statOf(path))?.size ?? 0

export const unread = 'cannot be read by this user'

/**
 * The first bytes of a database (https://www.sqlite.org/fileformat.html), where they can be read: to open it would be to
 * write beside it. Only of a file: whoever reads a pipe may wait for good.
 */
export const headerOf = async (path: string): Promise<Buffer | undefined> => {
  const header = Buffer.alloc(100)
  const handle = await open(path, 'r').catch(() => undefined)
  try {
    await handle?.read(header, 0, header.length, 0)
    return handle && header
  } finally {
    await handle?.close()
  }
}

export const isDatabase = (header: Buffer): boolean => header.toString('latin1', 0, 15) === 'SQLite format 3'

/** Its application id. */
export const ownerOf = (header: Buffer): number => header.readUInt32BE(68)

/** Its user version. */
export const versionOf = (header: Buffer): number => header.readUInt32BE(60)

/** Whether it says that it keeps a write-ahead log. */
export const keepsLog = (header: Buffer): boolean => header[18] === 2

/** Whether nobody has marked it, as the header of a dump that was restored. */
export const isUnmarked = (header: Buffer): boolean => ownerOf(header) === 0 && versionOf(header) === 0
