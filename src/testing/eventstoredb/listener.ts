import { createServer, type Socket } from 'node:net'

/** A port whose connections are in hand: they can be destroyed one by one, or accepted and never served. */
export type Listener = {
  readonly port: number
  readonly connections: () => number
  readonly drop: (peer: string) => void
  readonly dropAll: () => void
  /** From now on new connections are accepted and left alone. */
  readonly mute: () => void
  /** Serves the connections that were left alone, and new ones again. */
  readonly unmute: () => void
  readonly close: () => Promise<void>
}

const peerOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress}:${remotePort}`

export const listen = async (host: string, port: number, serve: (socket: Socket) => void): Promise<Listener> => {
  const sockets = new Map<string, Socket>()
  const held = new Set<Socket>()
  let isMuted = false
  const server = createServer({ noDelay: true }, (socket) => {
    const peer = peerOf(socket)
    sockets.set(peer, socket)
    socket.on('error', () => {})
    socket.on('close', () => {
      sockets.delete(peer)
      held.delete(socket)
    })
    if (isMuted) held.add(socket)
    else serve(socket)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address()
  const dropAll = (): void => {
    for (const socket of sockets.values()) socket.destroy()
  }
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    connections: () => sockets.size,
    drop: (peer) => void sockets.get(peer)?.destroy(),
    dropAll,
    mute: () => {
      isMuted = true
    },
    unmute: () => {
      isMuted = false
      for (const socket of held) serve(socket)
      held.clear()
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        dropAll()
      })
  }
}
