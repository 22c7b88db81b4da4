import { closeSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs'

// POSIX locks are a process's: any close() of a file drops all that the process holds on it, whoever in the process
// took them. SQLite never learns of it. Linux tells which locks stand behind an open file (proc(5), fdinfo).

/** Watches the locks that this process holds on a file. */
export type HeldLocks = {
  /** False once they are lost; they never come back by themselves. */
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
const showsLock = (info: number): boolean => {
  try {
    return room.toString('latin1', 0, readSync(info, room, 0, room.length, 0)).includes('\nlock:')
  } catch {
    return false
  }
}

/** Finds the locks that SQLite took on a file when it opened it; undefined where none can be seen. */
export const heldLocks = (path: string): HeldLocks | undefined => {
  for (const descriptor of descriptorsOf(path)) {
    try {
      const info = openSync(`/proc/self/fdinfo/${descriptor}`, 'r')
      if (showsLock(info)) return { held: () => showsLock(info), close: () => closeSync(info) }
      closeSync(info)
    } catch {
      // closed meanwhile
    }
  }
  return undefined
}
