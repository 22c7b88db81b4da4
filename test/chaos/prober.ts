import { randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client'
import * as E from 'fp-ts/Either'
import { parseConnectionString } from '../../src/adapters/eventstoredb/client/connection-string.ts'
import { sleep } from '../../src/adapters/node/timer.ts'

/** What a cluster is to somebody who comes anew each time, with a raw client: its own silences, and not a client's. */
export type Prober = {
  /** When an append was answered, by the monotonic clock, ms. */
  readonly answeredAt: ReadonlyArray<number>
  /** Appends until one is answered; the id of its event, or nothing where none is within so long. */
  readonly last: (atMostMs: number) => Promise<string | undefined>
  readonly stop: () => Promise<void>
}

/** How often somebody comes, ms: one who meets a frozen node keeps nobody else. */
const everyMs = 100
/** How long each waits, ms. */
const patienceMs = 5000

/** What the client takes for credentials of a server that asks for none. */
const insecure = { username: 'insecure', password: 'insecure' }

/**
 * An append by a raw client of its own; the id of its event where it was answered. With credentials, since the client then
 * makes the unary call: after a time-out its batches throw where nobody can catch it.
 */
const probe = async (connection: string, stream: string): Promise<string | undefined> => {
  const parsed = parseConnectionString(connection)
  if (E.isLeft(parsed)) throw new Error(parsed.left.message)
  const { anonymous, credentials = insecure } = parsed.right
  // by itself the client looks for a node for minutes, even when it is disposed of
  const brief = `${anonymous.includes('?') ? '&' : '?'}maxDiscoverAttempts=1&gossipTimeout=1`
  const client = EventStoreDBClient.connectionString(`${anonymous}${brief}`)
  const id = randomUUID()
  try {
    const event = jsonEvent({ id, type: 'Probed', data: {} })
    const isAnswered = client.appendToStream(stream, event, { deadline: patienceMs, credentials }).then(
      () => true,
      () => false
    )
    return (await Promise.race([isAnswered, sleep(patienceMs)])) === true ? id : undefined
  } finally {
    await client.dispose()
  }
}

export const startProber = (connection: string, stream: string): Prober => {
  const answeredAt: Array<number> = []
  const underWay = new Set<Promise<void>>()
  const come = async (): Promise<void> => {
    if ((await probe(connection, stream)) !== undefined) answeredAt.push(performance.now())
  }
  const timer = setInterval(() => {
    const one = come().finally(() => underWay.delete(one))
    underWay.add(one)
  }, everyMs)
  return {
    answeredAt,
    last: async (atMostMs) => {
      const endsAt = performance.now() + atMostMs
      do {
        const id = await probe(connection, stream)
        if (id !== undefined) return id
        await sleep(everyMs)
      } while (performance.now() < endsAt)
      return undefined
    },
    stop: async () => {
      clearInterval(timer)
      await Promise.all(underWay)
    }
  }
}
