import { randomUUID } from 'node:crypto'
import process from 'node:process'
import { EventStoreDBClient, type JSONEventData } from '@eventstore/db-client'
import * as E from 'fp-ts/Either'
import { openEventStoreDbStore } from '../src/eventstoredb.ts'
import { createLedger, type Ledger } from '../src/index.ts'
import { openMemoryStore } from '../src/memory.ts'
import { benchmark, count, type Measured, measured, milliseconds, notRun, perSecond } from './harness/figure.ts'
import { callers, elapsed, inTurns, median, percentile, ratio } from './harness/measure.ts'
import { requestFor } from './harness/requests.ts'
import { type StandInProcess, startStandInProcess } from './harness/stand-in-process.ts'

const atOnce = 64
const single = 500
const many = 4000
// many short rounds: what slows the machine down for a while then falls on few of them
const usualRounds = 21

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

// a server of one's own still has the keys of the runs before
const run = randomUUID().slice(0, 8)

const latencies = async (append: Append, round: string): Promise<number> => {
  const times: Array<number> = []
  for (let n = 0; n < single; n++) times.push(await elapsed(() => append(`${run}-${round}-${n}`)))
  return percentile(times, 0.5)
}

const throughput = (append: Append, round: string): Promise<number> =>
  elapsed(() => callers(atOnce, many, (n) => append(`${run}-${round}-${n}`)))

/** A server that counts its calls only where it is the stand-in. */
type Server = { readonly url: string; readonly standIn?: StandInProcess }

const serverOf = async (): Promise<Server> => {
  const given = process.env['KEYFOLD_EVENTSTOREDB_URL']
  if (given !== undefined && given !== '') return { url: given }
  const standIn = await startStandInProcess()
  return { url: standIn.url, standIn }
}

const callsOf = async ({ calls }: StandInProcess, reserves: () => Promise<unknown>): Promise<Measured> => {
  await calls()
  await reserves()
  const made = [...(await calls())]
  const total = made.reduce((sum, [, n]) => sum + n, 0)
  const which = made.map(([rpc, n]) => `${n} ${rpc}`).join(', ')
  return measured({ measured: `${which} for ${count(single)} reserves`, value: total / single })
}

export const eventstoredb = benchmark({
  name: 'eventstoredb',
  about: 'first reserve over gRPC (stand-in in a process of its own), beside the raw client’s appendToStream',
  goals: {
    'calls for a first reserve': { atMost: 1 },
    'first reserve, one caller, p50': { atMost: 1.1 },
    'first reserves, 64 callers': { atLeast: 0.95 }
  },
  run: async () => {
    const { url, standIn } = await serverOf()
    const store = await openEventStoreDbStore({ connectionString: url })
    const client = EventStoreDBClient.connectionString(url)
    try {
      const ledger = firstReserve(createLedger({ store }))
      const raw = rawAppend(client, await samplePayload())
      await throughput(ledger, 'warm')
      await throughput(raw, 'warm')
      const calls =
        standIn === undefined
          ? notRun('a server of your own does not count its calls')
          : await callsOf(standIn, () => latencies(ledger, 'counted'))
      const alone = await inTurns(usualRounds, {
        raw: (round) => latencies(raw, `one-${round}`),
        ledger: (round) => latencies(ledger, `one-${round}`)
      })
      const crowd = await inTurns(usualRounds, {
        raw: (round) => throughput(raw, `many-${round}`),
        ledger: (round) => throughput(ledger, `many-${round}`)
      })
      return {
        'calls for a first reserve': calls,
        'first reserve, one caller, p50': measured({
          measured: milliseconds(median(alone.ledger)),
          reference: `${milliseconds(median(alone.raw))} raw appendToStream`,
          value: ratio(alone.ledger, alone.raw)
        }),
        'first reserves, 64 callers': measured({
          measured: perSecond(many, median(crowd.ledger)),
          reference: `${perSecond(many, median(crowd.raw))} raw appendToStream`,
          value: ratio(crowd.raw, crowd.ledger)
        })
      }
    } finally {
      await store.dispose()
      await client.dispose()
      await standIn?.stop()
    }
  }
})
