import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

/**
 * Collects what nobody refers to any more. The SQLite driver closes a file only then, once its connection was closed:
 * tests that look at the file itself, or change it, wait for that.
 */
export const collectGarbage = async (): Promise<void> => {
  // one turn for the last callers to let go, one for what is done about the dead
  await turn()
  collect()
  await turn()
}
