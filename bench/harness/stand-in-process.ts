import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The stand-in in a process of its own. */
export type StandInProcess = {
  readonly url: string
  /** How many calls of each kind came since this was asked last. */
  readonly calls: () => Promise<ReadonlyMap<string, number>>
  readonly stop: () => Promise<void>
}

const answer = async <A>(child: ChildProcess): Promise<A> => (await once(child, 'message'))[0]

/** Starts the built server that lies beside the built benchmarks. */
export const startStandInProcess = async (): Promise<StandInProcess> => {
  const child = fork(fileURLToPath(new URL('./eventstoredb-server.js', import.meta.url)))
  const { url } = await answer<{ readonly url: string }>(child)
  return {
    url,
    calls: async () => {
      child.send('calls')
      return new Map((await answer<{ readonly calls: ReadonlyArray<[string, number]> }>(child)).calls)
    },
    stop: async () => {
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    }
  }
}
