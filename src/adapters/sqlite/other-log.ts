import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import type { StoreError } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'
import type { Connect } from './connection.ts'
import { lastingLocks } from './held-locks.ts'
import { isBusy } from './to-store-error.ts'
import { waiting } from './wait-for-lock.ts'

const otherLog: StoreError = failure(
  'StoreUnavailable',
  'other processes use the file with a log that no longer stands beside it: end them all, then open it again'
)

type Lock = { readonly holder: string; readonly kind: string }

/** The locks that processes hold on a place of a file. Only Linux tells, and only of processes that this one may see. */
const locksOn = (path: string, place: string): ReadonlyArray<Lock> => {
  try {
    const tail = `:${statSync(path).ino}${place}`
    return readFileSync('/proc/locks', 'utf8')
      .split('\n')
      .filter((line) => line.endsWith(tail))
      .map((line) => {
        const [kind = '', holder = ''] = line.split(/\s+/).slice(-5)
        return { kind, holder }
      })
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

const holdersOn = (path: string, place: string): ReadonlySet<string> =>
  new Set(locksOn(path, place).map(({ holder }) => holder))

const includes = (all: ReadonlySet<string>, some: ReadonlySet<string>): boolean =>
  [...some].every((one) => all.has(one))

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
 * Makes sure, before a store is opened, that who uses the file uses the log that stands beside it, and who uses the
 * log this file. Throws what is to be waited for.
 */
export const noOtherLog = (connect: Connect, path: string): void => {
  const real = realpathSync.native(path)
  if (!existsSync(`${real}-wal`) || !existsSync(`${real}-shm`)) {
    askWhetherAlone(connect, path)
    return
  }
  const [ofFile, ofLog] = [holdersOn(real, lastingLocks.onFile), holdersOn(`${real}-shm`, lastingLocks.onShared)]
  const areOne = includes(ofFile, ofLog) && includes(ofLog, ofFile)
  if (!areOne || [...ofFile].some((holder) => !mayHaveOpen(holder, `${real}-wal`))) throw waiting(otherLog)
}
