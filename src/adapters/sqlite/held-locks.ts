import { closeSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs'
import { type Bytes, isLockOn } from './locked-bytes.ts'

// POSIX locks are a process's: any close() of a file drops all that the process holds on it, whoever in the process
// took them. SQLite never learns of it. Linux tells which locks stand behind an open file (proc(5), fdinfo).

/** Watches a lock that this process holds on a file. */
export type HeldLock = {
  /** False once it is lost; it never comes back by itself. */
  readonly held: () => boolean
  readonly close: () => void
}

const folder = '/proc/self/fd'

const linkOf = (descriptor: string): string | undefined => {
  try {
    return readlinkSync(`${folder}/${descriptor}`)
  } catch {
    return undefined
  }
}

/** The descriptors that this process has open for a path; none where the system does not tell. */
const descriptorsOf = (path: string): ReadonlyArray<string> => {
  try {
    return readdirSync(folder).filter((descriptor) => linkOf(descriptor) === path)
  } catch {
    return []
  }
}

/** How many descriptors this process has for files that were removed from this path. */
export const removedFrom = (path: string): number => descriptorsOf(`${path} (deleted)`).length

const room = Buffer.alloc(4096)

/** Read anew each time, through a descriptor that stays open. */
const shows = (info: number, lock: Bytes): boolean => {
  try {
    const told = room.toString('latin1', 0, readSync(info, room, 0, room.length, 0))
    // asked several times a transaction; mostly it stands as it was taken
    return told.includes(` ${lock.first} ${lock.last}\n`) || told.split('\n').some((line) => isLockOn(line, lock))
  } catch {
    return false
  }
}

/** Finds a lock that SQLite took on a file when it opened it; undefined where it cannot be seen. */
export const heldLock = (path: string, lock: Bytes): HeldLock | undefined => {
  for (const descriptor of descriptorsOf(path)) {
    try {
      const info = openSync(`/proc/self/fdinfo/${descriptor}`, 'r')
      if (shows(info, lock)) return { held: () => shows(info, lock), close: () => closeSync(info) }
      closeSync(info)
    } catch {
      // closed meanwhile
    }
  }
  return undefined
}
