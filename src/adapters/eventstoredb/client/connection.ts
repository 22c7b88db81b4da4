import { isIP, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import type { Channel } from './client-internals.ts'

/** What makes a raw connection into one that HTTP/2 is spoken over: gRPC's, with or without TLS. */
type Connector = {
  readonly connect: (socket: Socket) => Promise<unknown>
  readonly connectionOptions?: { readonly servername?: string }
}

type ConnectorMaker = (...args: ReadonlyArray<unknown>) => Connector

/** `READY` and `SHUTDOWN` of gRPC's connectivity states. */
const [ready, shutDown] = [2, 4]

/** The connection under one channel. */
export type Connection = {
  /** Something came over it. */
  readonly heard: () => void
  /** How long nothing came over it, ms. */
  readonly silentMs: () => number
  readonly isReady: () => boolean
  readonly isClosed: () => boolean
  /** Closes the channel; calls that are under way on it may go on. */
  readonly close: () => void
  /** Closes the channel and cuts the connection, with every call on it, or with a handshake that nobody answers. */
  readonly cut: () => void
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined

const isMaker = (value: unknown): value is ConnectorMaker => typeof value === 'function'

/** An IP address is no server name (RFC 6066), and Node 26 refuses it as one; the certificate is checked by host. */
const withoutAddressAsName = (connector: Connector): void => {
  const options = connector.connectionOptions
  if (options?.servername !== undefined && isIP(options.servername) !== 0) Reflect.deleteProperty(options, 'servername')
}

/**
 * Gives a channel that was not called over yet a connection of its own, and takes that in hand. gRPC shares connections
 * between channels of equal settings, in the whole process: a new channel would get the half-open one that it is to
 * replace. It also waits for ever for a server that accepts and never answers, and leaves that socket open when the
 * channel is closed. Where gRPC looks different inside, the channel stays as it is.
 */
export const connectionOf = (channel: Channel): Connection => {
  const sockets = new Set<Socket>()
  let heardAt = performance.now()
  let isCut = false

  const takeInHand = (socket: Socket): void => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    if (isCut) socket.destroy()
  }
  const inside = memberOf(channel, 'internalChannel')
  const credentials = memberOf(inside, 'credentials')
  const make = memberOf(credentials, '_createSecureConnector')
  if (
    typeof inside === 'object' &&
    inside !== null &&
    typeof credentials === 'object' &&
    credentials !== null &&
    isMaker(make)
  ) {
    const connectorOf = (...args: ReadonlyArray<unknown>): Connector => {
      const connector = Reflect.apply(make, credentials, args)
      withoutAddressAsName(connector)
      const connect = (socket: Socket): Promise<unknown> => {
        takeInHand(socket)
        return connector.connect(socket)
      }
      return Object.create(connector, { connect: { value: connect } })
    }
    const members = new Map<PropertyKey, unknown>([
      ['_equals', (other: unknown) => other === own],
      ['_createSecureConnector', connectorOf]
    ])
    const own: object = new Proxy(credentials, {
      get: (target, name) => members.get(name) ?? Reflect.get(target, name),
      // the credentials of others compare themselves by class: they must not find this one equal, and share what is cut here
      getPrototypeOf: () => null
    })
    Reflect.set(inside, 'credentials', own)
  }

  return {
    heard: () => {
      heardAt = performance.now()
    },
    silentMs: () => performance.now() - heardAt,
    isReady: () => channel.getConnectivityState(false) === ready,
    isClosed: () => channel.getConnectivityState(false) === shutDown,
    close: () => channel.close(),
    cut: () => {
      if (isCut) return
      isCut = true
      channel.close()
      for (const socket of sockets) socket.destroy()
    }
  }
}
