import { realpathSync, statSync } from 'node:fs'
import type { StoreError } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'
import { heldLocks, removedFrom } from './held-locks.ts'

const identityOf = (path: string): string | undefined => {
  try {
    const found = statSync(path, { throwIfNoEntry: false })
    return found && `${found.dev}/${found.ino}`
  } catch {
    return undefined
  }
}

const unavailable = (message: string): StoreError => failure('StoreUnavailable', message)

const moved = unavailable('the file was moved, removed or replaced since it was opened')
const lost = unavailable(
  'the log beside the file (-wal, -shm) was moved, removed or replaced while it was in use: end all processes that use the file, then open it again'
)
const unlocked = unavailable(
  'this process lost its locks on the file, since something in it opened and closed the file: end the process, then open it again'
)

const logOf = (path: string): string => `${path}-wal`
const sharedOf = (path: string): string => `${path}-shm`

/** The file, its log, and what the processes share: which of each it is. */
type Identity = { readonly file: string | undefined; log: string | undefined; shared: string | undefined }

const identify = (path: string): Identity => ({
  file: identityOf(path),
  log: identityOf(logOf(path)),
  shared: identityOf(sharedOf(path))
})

export type LogGuard = {
  /**
   * Why what was read or written through the open connections cannot be relied on, if so. To be asked before a
   * transaction writes, and after it and after each read before anybody is answered.
   */
  readonly broken: () => StoreError | undefined
  /** Whether the log was taken from beside the file, and no other has come in its place, while the locks still hold. */
  readonly isOrphaned: () => boolean
  readonly close: () => void
}

/** Whether this system tells of locks at all. */
let visible = false

/** Takes note of the files that the connections opened; tells where they can be no good from the beginning. */
export const logGuard = (path: string): LogGuard | StoreError => {
  const real = realpathSync.native(path)
  const its = identify(real)
  // an earlier store of this process, not closed yet, whose file is there and whose log is not: SQLite would share with it
  if (removedFrom(logOf(real)) > removedFrom(real)) return lost
  const locks = [heldLocks(real), heldLocks(sharedOf(real))].filter((one) => one !== undefined)
  const close = (): void => {
    for (const one of locks) one.close()
  }
  visible ||= locks.length > 0
  // SQLite counts locks by itself: it takes none anew that it believes to have from another store of this process
  if (visible && its.log !== undefined && locks.length < 2) {
    close()
    return unlocked
  }

  /** What was not there yet is taken for ours once it is: SQLite makes it with the first write. */
  const isSame = (part: 'log' | 'shared', found: string | undefined): boolean => {
    its[part] ??= found
    return its[part] === found
  }
  const held = (): boolean => locks.every((one) => one.held())
  const broken = (): StoreError | undefined => {
    // by the name that was given: it may be a link that leads elsewhere by now
    if (its.file === undefined || identityOf(path) !== its.file) return moved
    if (!isSame('log', identityOf(logOf(real))) || !isSame('shared', identityOf(sharedOf(real)))) return lost
    return held() ? undefined : unlocked
  }
  return {
    broken,
    isOrphaned: () =>
      its.log !== undefined && identityOf(path) === its.file && identityOf(logOf(real)) === undefined && held(),
    close
  }
}
