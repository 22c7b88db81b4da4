import type { Settings } from '../../settings.ts'
import { type KeyWatch, keyWatch, type Listener } from './key-watch.ts'

/** How many subscriptions are open at once: a connection to a server takes a hundred calls. Further keys are polled. */
export const maxFeeds = 32

/** One watch a key in this process, however many wait for it. */
export type KeyWatches = {
  /** Comes to the watch of a key's stream; gives a way to leave it. */
  readonly join: (stream: string, listener: Listener) => () => void
}

export const keyWatches = (settings: Settings): KeyWatches => {
  const watches = new Map<string, KeyWatch>()
  let feeds = 0

  const takeFeed = (): (() => void) | undefined => {
    if (feeds >= maxFeeds) return undefined
    feeds++
    return () => {
      feeds--
    }
  }

  const begin = (stream: string): KeyWatch => {
    const watch = keyWatch(settings, stream, takeFeed, () => watches.delete(stream))
    watches.set(stream, watch)
    return watch
  }

  return { join: (stream, listener) => (watches.get(stream) ?? begin(stream)).join(listener) }
}
