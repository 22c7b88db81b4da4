import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { idOfStores } from '../../adapters/sqlite/schema.ts'
import { schema2 } from '../../adapters/sqlite/schema-2/schema-2.ts'
import type { Check } from '../../interfaces/cli/deps.ts'
import { fail, migrates, ok, warn } from './check.ts'
import {
  bytesOf,
  headerOf,
  isDatabase,
  isUnmarked,
  keepsLog,
  megabyte,
  megabytes,
  ownerOf,
  statOf,
  unreachable,
  unread,
  versionOf
} from './header.ts'

/** `statfs` types of file systems whose locks and shared memory other machines do not see (statfs(2)). */
const overNetwork: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x01021997, '9P']
])

const mayWrite = (path: string): Promise<boolean> =>
  access(path, constants.W_OK).then(
    () => true,
    () => false
  )

const emptied = 'where it was a store, restore it from a backup; reserve, import and batch would begin a new one in it'
const restore = 'name a keyfold store with --store'
const permit = 'let this user read and write the file, and enter its folders'

/** What the header says the file is. What was written since the last checkpoint stands beside it: it may say anything then. */
const formOf = (header: Buffer | undefined, wal: number, journal: number): Check => {
  if (header === undefined) return fail('file', unread, permit)
  if (!isDatabase(header)) return fail('file', 'is no SQLite database', restore)
  if (journal > 0) {
    return warn(
      'file',
      'SQLite, with a journal of a write that was cut off beside it',
      'the next command that opens it rolls that back; it is not looked into before that'
    )
  }
  if (wal > 0) return ok('file', 'SQLite, with a WAL that is read with it')
  const kept = `SQLite, ${keepsLog(header) ? 'WAL' : 'rollback journal'}`
  if (isUnmarked(header)) return ok('file', `${kept}, judged by its schema`)
  if (ownerOf(header) !== idOfStores) return fail('file', 'is a database of something else', restore)
  const version = versionOf(header)
  if (version === 0) return fail('file', `${kept}, damaged: its version is gone`, 'restore it from a backup')
  const found = `${kept}, schema version ${version}`
  if (version > schema2.version) return fail('file', found, 'a newer keyfold made it: use that one or a later one')
  return version === schema2.version ? ok('file', found) : migrates('file', found)
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

/** What the file of a store tells without being opened, by its own path: links lead elsewhere. */
export const fileChecks = async (path: string): Promise<ReadonlyArray<Check>> => {
  const found = await statOf(path)
  if (found !== undefined && !found.isFile()) return [fail('file', 'is no file', restore)]
  if (found?.size === 0) return [fail('file', 'holds nothing', emptied)]
  if (found === undefined) {
    const why = unreachable(path)
    if (why !== undefined) return [fail('file', why, permit)]
    return [fail('file', 'there is no store yet', 'name another one with --store; reserve, import and batch make one')]
  }
  const wal = await bytesOf(`${path}-wal`)
  const size = `${megabytes(found.size)}, and ${megabytes(wal)} in its WAL`
  return [
    formOf(await headerOf(path), wal, await bytesOf(`${path}-journal`)),
    wal <= mostWal
      ? ok('size', size)
      : warn('size', size, 'end what reads for a long time: a checkpoint waits for the oldest reader'),
    await rights(path, found.mode),
    ...(await disk(path))
  ]
}
