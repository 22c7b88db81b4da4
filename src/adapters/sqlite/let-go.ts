import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { nextTurn } from '../node/timer.ts'

/** This process's garbage collector; nothing where there is none to be had. */
const collector = (): (() => void) | undefined => {
  try {
    setFlagsFromString('--expose-gc')
    const collect: unknown = runInNewContext('gc')
    return typeof collect === 'function' ? () => void collect() : undefined
  } catch {
    return undefined
  }
}

/**
 * Has the driver close the files of connections that were closed: it does so only once the last of their statements is
 * collected, and holds its locks until then. Whoever copies, moves or removes the file in between would take them away
 * from whoever opens it next in this process.
 */
export const letGo = async (): Promise<void> => {
  const collect = collector()
  // a turn for the last callers to let go, and one for what is done about the dead
  await nextTurn()
  collect?.()
  await nextTurn()
}
