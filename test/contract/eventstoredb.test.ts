import { afterAll, describe, it } from 'vitest'
import { type StandIn, startStandIn } from '../../src/testing/eventstoredb.ts'
import { eventStoreContract } from '../../src/testing/index.ts'
import { apart, freshCategory, openOn, realServer } from '../support/eventstoredb.ts'

let server: StandIn | undefined
let mark = ''

/** Every store of the suite has a server of its own, or names of its own on a real one. */
const url = async (): Promise<string> => {
  mark = `${freshCategory()}.`
  if (realServer !== undefined) return realServer
  await server?.stop()
  server = await startStandIn()
  return server.url
}

afterAll(() => server?.stop())

let at = ''
eventStoreContract(
  realServer === undefined ? 'eventstoredb (stand-in)' : 'eventstoredb (real server)',
  {
    open: async () => {
      at = await url()
      return apart(await openOn(at), mark)
    },
    openAgain: async () => apart(await openOn(at), mark),
    capabilities: { atomic: false, limited: true, removable: true, confirming: true }
  },
  { describe, it }
)
