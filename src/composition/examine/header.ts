import type { Stats } from 'node:fs'
import { open, stat } from 'node:fs/promises'

export const megabyte = 1024 * 1024
export const megabytes = (bytes: number): string => `${(bytes / megabyte).toFixed(1)} MB`

/** What a path leads to, where it leads to something. */
export const statOf = (path: string): Promise<Stats | undefined> => stat(path).catch(() => undefined)

/** The size of a file, 0 where there is none. */
export const bytesOf = async (path: string): Promise<number> => (await statOf(path))?.size ?? 0

/**
 * The first bytes of a database (https://www.sqlite.org/fileformat.html): to open it would be to write beside it. Only of a
 * file: whoever reads a pipe may wait for good.
 */
export const headerOf = async (path: string): Promise<Buffer> => {
  const header = Buffer.alloc(100)
  const handle = await open(path, 'r').catch(() => undefined)
  try {
    await handle?.read(header, 0, header.length, 0)
    return header
  } finally {
    await handle?.close()
  }
}

export const isDatabase = (header: Buffer): boolean => header.toString('latin1', 0, 15) === 'SQLite format 3'

/** Its application id. */
export const ownerOf = (header: Buffer): number => header.readUInt32BE(68)

/** Its user version. */
export const versionOf = (header: Buffer): number => header.readUInt32BE(60)
