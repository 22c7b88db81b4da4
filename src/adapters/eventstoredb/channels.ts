import { performance } from 'node:perf_hooks'

export type Channel = { readonly close: () => void; readonly getConnectivityState: (tryToConnect: boolean) => number }

/** The channels that a client has opened and not closed yet: it opens a new one after each failure. */
export type Channels = {
  readonly keep: (channel: Channel) => void
  readonly heard: (channel: Channel) => void
  /** Whether a channel is connected, and nothing was heard on it for so long. */
  readonly isSilent: (channel: Channel, forMs: number) => boolean
  readonly closeAll: () => void
}

/** `READY` and `SHUTDOWN` of gRPC's connectivity states. */
const [ready, shutDown] = [2, 4]

export const openChannels = (): Channels => {
  const heardAt = new Map<Channel, number>()
  return {
    keep: (channel) => {
      if (heardAt.has(channel)) return
      for (const old of heardAt.keys()) if (old.getConnectivityState(false) === shutDown) heardAt.delete(old)
      heardAt.set(channel, performance.now())
    },
    heard: (channel) => {
      if (heardAt.has(channel)) heardAt.set(channel, performance.now())
    },
    isSilent: (channel, forMs) =>
      channel.getConnectivityState(false) === ready &&
      performance.now() - (heardAt.get(channel) ?? performance.now()) >= forMs,
    closeAll: () => {
      for (const channel of heardAt.keys()) channel.close()
      heardAt.clear()
    }
  }
}
