import { accessSync, constants, realpathSync, statSync } from 'node:fs'
import type { StoreError } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'
import { type HeldLock, heldLock, removedFrom } from './held-locks.ts'
import { lastingLocks } from './locked-bytes.ts'

const identityOf = (path: string): string | undefined => {
  try {
    const found = statSync(path, { throwIfNoEntry: false })
    return found && `${found.dev}/${found.ino}`
  } catch {
    return undefined
  }
}

/** Where a name leads to; itself where nothing stands there any more, which its identity tells. */
const realOf = (path: string): string => {
  try {
    return realpathSync.native(path)
  } catch {
    return path
  }
}

const unavailable = (message: string): StoreError => failure('StoreUnavailable', message)

const fileReplaced = unavailable('the file was moved, removed or replaced since it was opened')
const lost = unavailable(
  'the log beside the file (-wal, -shm) was moved, removed or replaced while it was in use: end all processes that use the file, then open it again'
)
const unlocked = unavailable(
  'this process lost its locks on the file, since something in it opened and closed the file: end the process, then open it again'
)

const logOf = (path: string): string => `${path}-wal`
const sharedOf = (path: string): string => `${path}-shm`

/** Who may only read takes no lock on what is shared, where nobody else uses it: SQLite reads the log by itself then. */
export const mayWrite = (path: string): boolean => {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** Which files are in use, by device and inode; the log and what is shared are not known before they are there. */
export type FilesInUse = {
  readonly file: string | undefined
  readonly log: string | undefined
  readonly shared: string | undefined
}

export type LogGuard = {
  /**
   * Why what was read or written through the open connections cannot be relied on, if so. To be asked before a
   * transaction writes, and after it and after each read before anybody is answered.
   */
  readonly broken: () => StoreError | undefined
  /** Whether the log was taken from beside the file, and no other has come in its place, while the locks still hold. */
  readonly isOrphaned: () => boolean
  readonly inUse: () => FilesInUse
  readonly close: () => void
}

/** Whether this system tells of locks at all: known for the whole process once one was seen. */
let locksWereSeen = false

const locksOn = (path: string): ReadonlyArray<HeldLock> =>
  [heldLock(path, lastingLocks.onFile), heldLock(sharedOf(path), lastingLocks.onShared)].filter(
    (one) => one !== undefined
  )

/** Takes note of the files that the connections opened; or holds them to those that another thread has taken note of. */
export const logGuard = (path: string, known?: FilesInUse): LogGuard => {
  const real = realOf(path)
  const file = known?.file ?? identityOf(path)
  let log: string | undefined
  let shared: string | undefined
  let locks: ReadonlyArray<HeldLock> = []
  let whole = true

  /** What was not there yet is taken for ours once it is: SQLite makes it before the first write. */
  const adopt = (): void => {
    log = known?.log ?? identityOf(logOf(real))
    if (log === undefined) return
    shared = known?.shared ?? identityOf(sharedOf(real))
    locks = locksOn(real)
    locksWereSeen ||= locks.length > 0
    // SQLite takes no lock anew that it believes to have from another store of this process, and shares what it has
    // open with it: one that was not closed yet, whose log was removed
    const wanted = mayWrite(sharedOf(real)) ? 2 : 1
    whole = (!locksWereSeen || locks.length >= wanted) && removedFrom(logOf(real)) <= removedFrom(real)
  }

  const held = (): boolean => whole && locks.every((one) => one.held())
  const broken = (): StoreError | undefined => {
    // by the name that was given: it may be a link that leads elsewhere by now
    if (file === undefined || identityOf(path) !== file) return fileReplaced
    if (log === undefined) adopt()
    if (log !== undefined && (identityOf(logOf(real)) !== log || identityOf(sharedOf(real)) !== shared)) return lost
    return held() ? undefined : unlocked
  }
  return {
    broken,
    isOrphaned: () => log !== undefined && identityOf(path) === file && identityOf(logOf(real)) === undefined && held(),
    inUse: () => ({ file, log, shared }),
    close: () => {
      for (const one of locks) one.close()
    }
  }
}
