import { randomUUID } from 'node:crypto'
import {
  type AppendExpectedRevision,
  type AppendResult,
  EventStoreDBClient,
  type JSONEventType,
  jsonEvent,
  type ResolvedEvent
} from '@eventstore/db-client'
import { afterEach } from 'vitest'
import { type StandIn, type StandInOptions, startStandIn } from '../../../../src/testing/eventstoredb.ts'

/** Never sent without TLS; with them the client takes the unary append. */
export const credentials = { username: 'any', password: 'any' }

const running: StandIn[] = []
const open: EventStoreDBClient[] = []

/** A stand-in that stops after the test. */
export const standIn = async (options: StandInOptions = {}): Promise<StandIn> => {
  const started = await startStandIn(options)
  running.push(started)
  return started
}

/** A client that is disposed of after the test. */
export const clientOf = (connectionString: string): EventStoreDBClient => {
  const client = EventStoreDBClient.connectionString(connectionString)
  open.push(client)
  return client
}

/** `dispose` may wait for ever for a read that nobody drained. */
const disposed = (client: EventStoreDBClient): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, 200)
    void client.dispose().finally(() => {
      clearTimeout(timer)
      resolve()
    })
  })

afterEach(async () => {
  await Promise.all(open.splice(0).map(disposed))
  await Promise.all(running.splice(0).map((it) => it.stop()))
})

type Letter = JSONEventType<'letter', { readonly text: string }>

export const letter = (text: string, id: string = randomUUID()) =>
  jsonEvent<Letter>({ id, type: 'letter', data: { text } })

export type Appending = (
  stream: string,
  letters: ReturnType<typeof letter>[],
  expectedRevision: AppendExpectedRevision,
  options?: { requiresLeader?: boolean; deadline?: number; credentials?: typeof credentials }
) => Promise<AppendResult>

export const unary =
  (client: EventStoreDBClient): Appending =>
  (stream, letters, expectedRevision, options) =>
    client.appendToStream(stream, letters, { expectedRevision, credentials, ...options })

export const batched =
  (client: EventStoreDBClient): Appending =>
  (stream, letters, expectedRevision, options) =>
    client.appendToStream(stream, letters, { expectedRevision, ...options })

/** Both ways in which the client appends. */
export const appendPaths = [
  ['the unary append', unary],
  ['the batch append', batched]
] as const

export const collect = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

const textOf = ({ event }: ResolvedEvent): unknown =>
  typeof event?.data === 'object' && 'text' in event.data ? event.data['text'] : event?.type

/** The letters of a stream, first to last. */
export const lettersIn = async (client: EventStoreDBClient, stream: string): Promise<unknown[]> =>
  (await collect(client.readStream(stream))).map(textOf)

/** What a call throws: the client's `type`, and what else a test asks for. */
export const errorOf = async (call: Promise<unknown>): Promise<Record<string, unknown>> => {
  try {
    await call
  } catch (cause) {
    if (cause instanceof Error) {
      return { ...cause, message: cause.message }
    }
    return { cause }
  }
  return { type: 'none' }
}

export { textOf }
