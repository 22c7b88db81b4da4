import { afterAll, describe, it } from 'vitest'
import { memoryLog, openMemoryStore } from '../../src/memory.ts'
import { instrumentStore } from '../../src/opentelemetry.ts'
import { type StandIn, startStandIn } from '../../src/testing/eventstoredb.ts'
import { eventStoreContract } from '../../src/testing/index.ts'
import { ofTopics } from '../support/contract-topics.ts'
import { openOn } from '../support/eventstoredb.ts'

// What stands around a store knows nothing of its kind: one store is enough for each of the calls that it hands on.

let log = memoryLog()
eventStoreContract(
  'memory, instrumented',
  {
    open: async () => {
      log = memoryLog()
      return instrumentStore(await openMemoryStore({ log }))
    },
    openAgain: async () => instrumentStore(await openMemoryStore({ log })),
    capabilities: { atomic: true, limited: false, removable: false, confirming: true }
  },
  { describe, it }
)

let server: StandIn | undefined
afterAll(() => server?.stop())

// what a store in memory does not have, beside that it has no more; and what waits for a server
ofTopics(
  ['a store', 'append, texts', 'what was removed', 'what is current', 'subscribe, the end', 'lifetime'],
  (runner) =>
    eventStoreContract(
      'eventstoredb (stand-in), instrumented',
      {
        open: async () => {
          await server?.stop()
          server = await startStandIn()
          return instrumentStore(await openOn(server.url))
        },
        openAgain: async () => instrumentStore(await openOn(server?.url ?? '')),
        capabilities: { atomic: false, limited: true, removable: true, confirming: true }
      },
      runner
    )
)
