import { createRequire } from 'node:module'
import type { Contender } from '../contenders/contender.ts'
import { outcome, requestFor } from '../harness/requests.ts'
import { peersFolder } from './install.ts'

type Payload = { readonly key: string; readonly requestFingerprint: string }

/** What is called of the peer. It is not installed where keyfold's own types are checked. */
type Config = {
  readonly registerLambdaContext: (context: { readonly getRemainingTimeInMillis: () => number }) => void
}
type Core = {
  readonly IdempotencyConfig: new (options: { readonly eventKeyJmesPath: string }) => Config
  readonly makeIdempotent: (
    work: (payload: Payload) => Promise<typeof outcome>,
    options: { readonly persistenceStore: unknown; readonly config: Config }
  ) => (payload: Payload) => Promise<typeof outcome>
}
type Cache = { readonly CachePersistenceLayer: new (options: { readonly client: unknown }) => unknown }
type Client = { readonly connect: () => Promise<unknown>; readonly close: () => Promise<void> }
type Redis = { readonly createClient: (options: { readonly url: string }) => Client }

/**
 * Powertools as its documentation has it: a function made idempotent, with the cache layer on one client. It does not
 * compare payloads: what its cache layer keeps of a completed key has no fingerprint.
 */
export const powertools = async (url: string): Promise<Contender> => {
  const load = createRequire(`${peersFolder}/package.json`)
  const { IdempotencyConfig, makeIdempotent }: Core = load('@aws-lambda-powertools/idempotency')
  const { CachePersistenceLayer }: Cache = load('@aws-lambda-powertools/idempotency/cache')
  const { createClient }: Redis = load('@redis/client')
  const client = createClient({ url })
  await client.connect()
  const config = new IdempotencyConfig({ eventKeyJmesPath: 'key' })
  config.registerLambdaContext({ getRemainingTimeInMillis: () => 60_000 })
  let worked = 0
  const handled = makeIdempotent(
    async () => {
      worked++
      return outcome
    },
    { persistenceStore: new CachePersistenceLayer({ client }), config }
  )
  const call = async (key: string): Promise<void> => {
    const answer = await handled({ key, requestFingerprint: requestFor(key).requestFingerprint })
    if (answer.outcomeKind !== outcome.outcomeKind) throw new Error('answered another outcome')
  }
  let cycles = 0
  return {
    cycle: async (key) => {
      cycles++
      await call(key)
    },
    replay: async (key) => {
      await call(key)
      if (worked > cycles) throw new Error('a replay ran the work again')
    },
    close: () => client.close()
  }
}
