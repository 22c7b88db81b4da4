import { existsSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { nextTurn } from '../node/timer.ts'

type Collect = (how?: { readonly type: 'minor' }) => void

/** This process's garbage collector; nothing where there is none to be had. */
const collector = (): Collect => {
  try {
    setFlagsFromString('--expose-gc')
    const collect: unknown = runInNewContext('gc')
    return typeof collect === 'function' ? (how) => void collect(how) : () => undefined
  } catch {
    return () => undefined
  }
}

let collect: Collect | undefined

/**
 * Has the driver close the files of connections that were closed: it does so only once the last of their statements is
 * collected, and holds its locks until then. Whoever copies, moves or removes the file in between would take them away
 * from whoever opens it next in this process. The last connection to close removes the log beside the file: where it goes
 * as the young are collected, which takes a hundredth of the time, nothing is left to do.
 */
export const letGo = async (file?: string): Promise<void> => {
  collect ??= collector()
  const isThere = (): boolean => file !== undefined && existsSync(`${file}-wal`)
  // a turn for the last callers to let go, and one for what is done about the dead
  await nextTurn()
  if (isThere()) {
    collect({ type: 'minor' })
    await nextTurn()
    if (!isThere()) return
  }
  collect()
  await nextTurn()
}
