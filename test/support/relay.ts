import { connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { StandIn } from '../../src/testing/eventstoredb.ts'

export type Relay = {
  /** The address of a server, by way of here. */
  readonly urlOf: (server: StandIn) => string
  /** From now on connections are passed on. Those that came before stay as they are: accepted, and never answered. */
  readonly heal: () => void
  /** The connections that were accepted and never answered, and stand. */
  readonly dead: () => number
  readonly accepted: () => number
}

/** A port that accepts connections and lets no handshake through, until it is healed. */
export const relay = async (server: StandIn): Promise<Relay> => {
  const sockets = new Set<Socket>()
  const dead = new Set<Socket>()
  let isHealthy = false
  let accepted = 0
  const listener = createServer((socket) => {
    accepted++
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => {
      sockets.delete(socket)
      dead.delete(socket)
    })
    if (!isHealthy) {
      dead.add(socket)
      // what comes is taken, so that its end is seen
      socket.resume()
      return
    }
    const inner = connect(server.port, '127.0.0.1')
    sockets.add(inner)
    inner.on('error', () => {})
    inner.on('close', () => socket.destroy())
    socket.on('close', () => inner.destroy())
    socket.pipe(inner).pipe(socket)
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    listener.close()
  })
  const address = listener.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    urlOf: ({ url }) => url.replace(`:${server.port}`, `:${port}`),
    heal: () => {
      isHealthy = true
    },
    dead: () => dead.size,
    accepted: () => accepted
  }
}
