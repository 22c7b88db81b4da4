import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** A port whose connections are in hand: destroyed, frozen, or accepted and never served. */
export type Listener = {
  readonly port: number
  readonly connections: () => number
  readonly drop: (peer: string) => void
  readonly dropAll: () => void
  /** Nothing passes over the connection any more, in neither direction, though it stands. */
  readonly freeze: (peer: string) => void
  readonly freezeAll: () => void
  /** From now on new connections are accepted and left alone. */
  readonly mute: () => void
  /** Serves the connections that were left alone, and new ones again. */
  readonly unmute: () => void
  /** Nothing passes any more, over connections that stand or new ones, until `resume`; then all that was held up does. */
  readonly halt: () => void
  readonly resume: () => void
  /** Takes no new connections, and resolves once those that are there have ended. */
  readonly drain: () => Promise<void>
  readonly close: () => Promise<void>
}

/** A connection of a client's, and the one behind it that the server knows as its peer. */
type Line = { readonly outer: Socket; inner?: Socket; isFrozen: boolean }

const listening = async (server: Server, host: string, port: number): Promise<number> => {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address: AddressInfo | string | null = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

const closed = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()))

const halted = ({ outer, inner }: Line): void => {
  if (inner === undefined) return
  outer.unpipe(inner)
  inner.unpipe(outer)
  outer.pause()
  inner.pause()
}

const piped = ({ outer, inner }: Line): void => {
  if (inner === undefined) return
  outer.pipe(inner)
  inner.pipe(outer)
}

/**
 * Every connection is passed on over a second one, to a port that only this process uses: once HTTP/2 has taken a
 * socket over, nothing could be held up on it any more.
 */
export const listen = async (host: string, port: number, serve: (socket: Socket) => void): Promise<Listener> => {
  const lines = new Set<Line>()
  const byPeer = new Map<string, Line>()
  let isMuted = false
  let isHalted = false

  const inside = createServer({ noDelay: true }, serve)
  const insidePort = await listening(inside, host, 0)

  const passOn = (line: Line): void => {
    const { outer } = line
    const inner = connect({ host, port: insidePort, noDelay: true })
    line.inner = inner
    let peer = ''
    inner.on('connect', () => {
      peer = `${inner.localAddress}:${inner.localPort}`
      byPeer.set(peer, line)
    })
    inner.on('error', () => {})
    inner.on('close', () => {
      byPeer.delete(peer)
      // the last of what came over it is still on its way
      outer.destroySoon()
    })
    outer.on('close', () => inner.destroy())
    piped(line)
  }

  const outside = createServer({ noDelay: true }, (outer) => {
    const line: Line = { outer, isFrozen: false }
    lines.add(line)
    outer.on('error', () => {})
    outer.on('close', () => lines.delete(line))
    if (!isMuted && !isHalted) passOn(line)
  })
  const outsidePort = await listening(outside, host, port).catch(async (cause: unknown) => {
    await closed(inside)
    throw cause
  })

  const freeze = (line: Line): void => {
    line.isFrozen = true
    halted(line)
  }
  const serveWaiting = (): void => {
    if (isMuted || isHalted) return
    for (const line of lines) if (line.inner === undefined && !line.isFrozen) passOn(line)
  }
  const dropAll = (): void => {
    for (const { outer } of lines) outer.destroy()
  }
  return {
    port: outsidePort,
    connections: () => lines.size,
    drop: (peer) => void byPeer.get(peer)?.outer.destroy(),
    dropAll,
    freeze: (peer) => {
      const line = byPeer.get(peer)
      if (line !== undefined) freeze(line)
    },
    freezeAll: () => lines.forEach(freeze),
    mute: () => {
      isMuted = true
    },
    unmute: () => {
      isMuted = false
      serveWaiting()
    },
    halt: () => {
      isHalted = true
      lines.forEach(halted)
    },
    resume: () => {
      // what is piped twice comes twice
      if (!isHalted) return
      isHalted = false
      for (const line of lines) if (!line.isFrozen) piped(line)
      serveWaiting()
    },
    drain: () => closed(outside),
    close: async () => {
      const both = Promise.all([closed(outside), closed(inside)])
      dropAll()
      await both
    }
  }
}
