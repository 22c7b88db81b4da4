import { startTimer } from '../../adapters/node/timer.ts'
import type { Node } from './node.ts'

/** Timers that are all cancelled at once. */
export const timers = (): { readonly later: Node['later']; readonly cancelAll: () => void } => {
  const running = new Set<() => void>()
  return {
    later: (ms, run) => {
      const callOff = startTimer(ms, () => {
        running.delete(callOff)
        run()
      })
      running.add(callOff)
      return {
        cancel: () => {
          callOff()
          running.delete(callOff)
        }
      }
    },
    cancelAll: () => {
      for (const callOff of running) callOff()
      running.clear()
    }
  }
}
