import { randomUUID } from 'node:crypto'
import { EventStoreDBClient, type JSONEventData } from '@eventstore/db-client'
import * as E from 'fp-ts/Either'
import { openEventStoreDbStore } from '../src/eventstoredb.ts'
import { createLedger, type Ledger } from '../src/index.ts'
import { openMemoryStore } from '../src/memory.ts'
import { type Benchmark, count, type Figure, milliseconds, perSecond } from './harness/figure.ts'
import { callers, elapsed, inTurns, percentile } from './harness/measure.ts'
import { requestFor } from './harness/requests.ts'
import { startStandInProcess } from './harness/stand-in-process.ts'

const atOnce = 64
const single = 500
const many = 4000
// many short rounds: what slows the machine down for a while then falls on few of them
const rounds = 21

type Payload = (key: string) => JSONEventData

/** What a first reserve sends, taken from a real one: an event of its own for every key, as any caller's is. */
const samplePayload = async (): Promise<Payload> => {
  const store = await openMemoryStore()
  await createLedger({ store }).reserve(requestFor('key-0-0'))
  const page = await store.readAll('start', '', 1)()
  if (E.isLeft(page) || page.right.events[0] === undefined) throw new Error('the sample was not written')
  const [{ type, ...texts }] = page.right.events
  const [data, metadata] = [JSON.parse(texts.data), JSON.parse(texts.metadata)]
  return (key) => ({
    id: randomUUID(),
    type,
    contentType: 'application/json',
    data: { ...data, key, claimId: randomUUID() },
    metadata: { ...metadata }
  })
}

type Append = (key: string) => Promise<unknown>

/** The client alone, as the adapter calls it: the unary append, no stream expected, at the leader. */
const rawAppend = (client: EventStoreDBClient, payload: Payload): Append => {
  const options = {
    expectedRevision: 'no_stream',
    requiresLeader: true,
    credentials: { username: 'insecure', password: 'insecure' }
  } as const
  // a name as long as a ledger's
  return (key) => client.appendToStream(`idempotency-raw__${key.padStart(64, '0')}`, payload(key), options)
}

const firstReserve =
  (ledger: Ledger): Append =>
  async (key) => {
    const answer = await ledger.reserve(requestFor(key))
    if (answer._tag !== 'Reserved') throw new Error(`answered ${answer._tag}`)
  }

const latencies = async (append: Append, round: number): Promise<number> => {
  const times: Array<number> = []
  for (let n = 0; n < single; n++) times.push(await elapsed(() => append(`${round}-${n}`)))
  return percentile(times, 0.5)
}

const throughput = (append: Append, round: number): Promise<number> =>
  elapsed(() => callers(atOnce, many, (n) => append(`many-${round}-${n}`)))

export const eventstoredb: Benchmark = {
  name: 'eventstoredb',
  about: 'first reserve over gRPC (stand-in in a process of its own), beside the raw client’s appendToStream',
  run: async (): Promise<ReadonlyArray<Figure>> => {
    const server = await startStandInProcess()
    const store = await openEventStoreDbStore({ connectionString: server.url })
    const client = EventStoreDBClient.connectionString(server.url)
    try {
      const ledger = firstReserve(createLedger({ store }))
      const raw = rawAppend(client, await samplePayload())
      await throughput(ledger, -2)
      await throughput(raw, -2)
      await server.calls()
      await latencies(ledger, -2)
      const calls = await server.calls()
      const total = [...calls.values()].reduce((sum, n) => sum + n, 0)
      const [ours, theirs, slower] = await inTurns(
        rounds,
        (round) => latencies(raw, round),
        (round) => latencies(ledger, round)
      )
      const [rawMs, ledgerMs, longer] = await inTurns(
        rounds,
        (round) => throughput(raw, round),
        (round) => throughput(ledger, round)
      )
      return [
        {
          what: `calls for ${count(single)} first reserves: ${[...calls].map(([rpc, n]) => `${n} ${rpc}`).join(', ')}`,
          measured: `${total / single} a reserve`,
          value: total / single,
          goal: { atMost: 1 }
        },
        {
          what: 'first reserve, one caller, p50',
          measured: milliseconds(theirs),
          reference: `${milliseconds(ours)} raw appendToStream`,
          value: slower,
          goal: { atMost: 1.15 }
        },
        {
          what: 'first reserves, 64 callers',
          measured: perSecond(many, ledgerMs),
          reference: `${perSecond(many, rawMs)} raw appendToStream`,
          value: 1 / longer,
          goal: { atLeast: 0.9 }
        }
      ]
    } finally {
      await store.dispose()
      await client.dispose()
      await server.stop()
    }
  }
}
