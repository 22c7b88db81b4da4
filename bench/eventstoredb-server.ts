import process from 'node:process'
import { startStandIn } from '../src/testing/eventstoredb.ts'

// A process of its own, so that the server's work is not measured as the client's. Talks to its parent by messages.
const server = await startStandIn()
process.send?.({ url: server.url })
process.on('message', () => {
  const calls = new Map<string, number>()
  for (const { rpc } of server.calls) calls.set(rpc, (calls.get(rpc) ?? 0) + 1)
  server.calls.length = 0
  process.send?.({ calls: [...calls] })
})
process.on('disconnect', () => process.exit(0))
