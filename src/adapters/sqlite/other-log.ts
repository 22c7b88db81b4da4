import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import type { StoreError } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'
import type { Connect } from './connection.ts'
import { type Bytes, isLockOn, lastingLocks } from './locked-bytes.ts'
import { isBusy } from './to-store-error.ts'
import { waiting } from './wait-for-lock.ts'

const otherLog: StoreError = failure(
  'StoreUnavailable',
  'other processes use the file with a log that no longer stands beside it: end them all, then open it again'
)

type Lock = { readonly holder: string; readonly kind: string }

/** Whether a process has a file open that stands at this path; true where it may not be asked. */
const mayHaveOpen = (holder: string, path: string): boolean => {
  try {
    const { dev, ino } = statSync(path)
    return readdirSync(`/proc/${holder}/fd`).some((descriptor) => {
      const open = statSync(`/proc/${holder}/fd/${descriptor}`, { throwIfNoEntry: false })
      return open?.ino === ino && open.dev === dev
    })
  } catch {
    return true
  }
}

/**
 * The locks that processes hold on a place of a file. Only Linux tells, and only of processes that this one may see. It
 * names files by a number that other file systems have too, so the process is asked as well.
 */
const locksOn = (path: string, place: Bytes): ReadonlyArray<Lock> => {
  try {
    const file = `:${statSync(path).ino} `
    return readFileSync('/proc/locks', 'utf8')
      .split('\n')
      .filter((line) => line.includes(file) && isLockOn(line, place))
      .map((line) => {
        const [kind = '', holder = ''] = line.split(/\s+/).slice(-5)
        return { kind, holder }
      })
      .filter(({ holder }) => mayHaveOpen(holder, path))
  } catch {
    return []
  }
}

/**
 * Asks for the whole file for a moment: whoever gets it is alone. Whoever is not, and finds no log, would begin a
 * second one, and could not know what others wrote to theirs.
 */
const askWhetherAlone = (connect: Connect, path: string): void => {
  const connection = connect(path)
  try {
    // nothing is prepared: such a connection is closed at once
    connection.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT')
  } catch (cause) {
    // who may not write cannot begin a log either
    if (!isBusy(cause)) return
    if (locksOn(path, lastingLocks.onFile).some(({ kind }) => kind === 'READ')) throw waiting(otherLog)
    throw cause
  } finally {
    connection.close()
  }
}

/**
 * Makes sure, before a store is opened, that who uses the file uses the log that stands beside it, and who uses the
 * log this file. Throws what is to be waited for.
 */
export const noOtherLog = (connect: Connect, path: string): void => {
  const real = realpathSync.native(path)
  const [log, shared] = [`${real}-wal`, `${real}-shm`]
  if (!existsSync(log) || !existsSync(shared)) {
    askWhetherAlone(connect, path)
    return
  }
  const onFile = locksOn(real, lastingLocks.onFile)
  // whoever has the file for itself shares nothing: SQLite tells that it is busy
  if (onFile.some(({ kind }) => kind === 'WRITE')) return
  for (const { holder } of [...onFile, ...locksOn(shared, lastingLocks.onShared)]) {
    if (![real, log, shared].every((one) => mayHaveOpen(holder, one))) throw waiting(otherLog)
  }
}
