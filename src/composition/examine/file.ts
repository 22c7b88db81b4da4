import { constants } from 'node:fs'
import { access, open, stat, statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { schema2 } from '../../adapters/sqlite/schema-2/schema-2.ts'
import type { Check } from '../../interfaces/cli/deps.ts'
import { fail, ok, warn } from './check.ts'

/** `statfs` types of file systems whose locks and shared memory other machines do not see (statfs(2)). */
const overNetwork: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x01021997, '9P']
])

const megabyte = 1024 * 1024
const megabytes = (bytes: number): string => `${(bytes / megabyte).toFixed(1)} MB`

const mayWrite = (path: string): Promise<boolean> =>
  access(path, constants.W_OK).then(
    () => true,
    () => false
  )

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0
  )

/** The first bytes of a database (https://www.sqlite.org/fileformat.html): to open it would be to write beside it. */
const headerOf = async (path: string): Promise<Buffer> => {
  const handle = await open(path, 'r')
  try {
    const header = Buffer.alloc(100)
    await handle.read(header, 0, header.length, 0)
    return header
  } finally {
    await handle.close()
  }
}

const restore = 'name a keyfold store with --store'

/** "keyf" in ASCII. */
const ofKeyfold = 0x6b657966

/** What the header says the file is. What was written since the last checkpoint stands beside it, and it says nothing then. */
const formOf = (header: Buffer, wal: number): Check => {
  if (header.toString('latin1', 0, 15) !== 'SQLite format 3') return fail('file', 'is no SQLite database', restore)
  const owner = header.readUInt32BE(68)
  const version = header.readUInt32BE(60)
  if (owner === 0 && version === 0 && wal > 0) return ok('file', 'SQLite; what it is stands in its WAL')
  if (owner !== ofKeyfold) return fail('file', 'is a database of something else', restore)
  const found = `SQLite, ${header[18] === 2 ? 'WAL' : 'rollback journal'}, schema version ${version}`
  if (version > schema2.version) return fail('file', found, 'a newer keyfold made it: use that one or a later one')
  return version === schema2.version
    ? ok('file', found)
    : warn('file', found, 'the next command that opens it migrates it; it is not looked into before that')
}

const rights = async (path: string, mode: number): Promise<Check> => {
  const shown = `mode ${(mode & 0o777).toString(8)}`
  if (!(await mayWrite(path)) || !(await mayWrite(dirname(path)))) {
    return warn('rights', `${shown}; this user may not write here`, 'let this user write to the file and its folder')
  }
  return (mode & 0o077) === 0
    ? ok('rights', shown)
    : warn('rights', `${shown}; others may read keys and outcomes`, 'chmod 600 the file and those beside it')
}

/** With less than this a store is soon full. */
const leastFree = 100 * megabyte

const disk = async (path: string): Promise<ReadonlyArray<Check>> => {
  const { bavail, bsize, type } = await statfs(dirname(path))
  const free = bavail * bsize
  const network = overNetwork.get(type)
  return [
    free >= leastFree
      ? ok('disk', `${megabytes(free)} free`)
      : warn('disk', `${megabytes(free)} free`, 'make room: a disk that is full refuses every reserve'),
    ...(network === undefined
      ? []
      : [fail('file system', network, 'move the file to a local disk: over a network its locks hold nobody off')])
  ]
}

/** More than this in the log beside the file is more than checkpoints leave. */
const mostWal = 256 * megabyte

/** What the file of a store tells without being opened. */
export const fileChecks = async (name: string): Promise<ReadonlyArray<Check>> => {
  const path = resolve(name)
  const found = await stat(path).catch(() => undefined)
  if (found === undefined || found.size === 0) {
    return [fail('file', 'there is no store yet', 'name another one with --store; reserve, import and batch make one')]
  }
  if (!found.isFile()) return [fail('file', 'is no file', 'name a keyfold store with --store')]
  const wal = await sizeOf(`${path}-wal`)
  const size = `${megabytes(found.size)}, and ${megabytes(wal)} in its WAL`
  return [
    formOf(await headerOf(path), wal),
    wal <= mostWal
      ? ok('size', size)
      : warn('size', size, 'end what reads for a long time: a checkpoint waits for the oldest reader'),
    await rights(path, found.mode),
    ...(await disk(path))
  ]
}
