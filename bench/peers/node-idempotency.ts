import { createRequire } from 'node:module'
import type { Contender } from '../contenders/contender.ts'
import { outcome, requestFor } from '../harness/requests.ts'
import { peersFolder } from './install.ts'

/** What is called of the peer. It is not installed where keyfold's own types are checked. */
type Request = {
  readonly headers: Readonly<Record<string, string>>
  readonly path: string
  readonly method: string
  readonly body: unknown
}
type Idempotency = {
  readonly onRequest: (request: Request) => Promise<{ readonly body?: unknown } | undefined>
  readonly onResponse: (request: Request, response: { readonly body: unknown }) => Promise<void>
}
type Storage = { readonly connect: () => Promise<void>; readonly disconnect: () => Promise<void> }

const requestOf = (key: string): Request => {
  const { operation, requestFingerprint } = requestFor(key)
  // as small as a payload can be that is still told from another
  return { headers: { 'idempotency-key': key }, path: `/${operation}`, method: 'POST', body: requestFingerprint }
}

/** `@node-idempotency/core` as its readme has it: one client, all options as they come. */
export const nodeIdempotency = async (url: string): Promise<Contender> => {
  const load = createRequire(`${peersFolder}/package.json`)
  const { Idempotency } = load('@node-idempotency/core') as { Idempotency: new (storage: Storage) => Idempotency }
  const { RedisStorageAdapter } = load('@node-idempotency/storage-adapter-redis') as {
    RedisStorageAdapter: new (options: { readonly url: string }) => Storage
  }
  const storage = new RedisStorageAdapter({ url })
  await storage.connect()
  const idempotency = new Idempotency(storage)
  return {
    cycle: async (key) => {
      const request = requestOf(key)
      if ((await idempotency.onRequest(request)) !== undefined) throw new Error('answered a response')
      await idempotency.onResponse(request, { body: outcome })
    },
    replay: async (key) => {
      if ((await idempotency.onRequest(requestOf(key)))?.body === undefined) throw new Error('answered no response')
    },
    close: () => storage.disconnect()
  }
}
