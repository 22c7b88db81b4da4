import { randomUUID } from 'node:crypto'
import * as E from 'fp-ts/Either'
import { expect, onTestFinished } from 'vitest'
import type { EventStore, ProposedEvent, SubscriptionMessage } from '../../src/application/ports/event-store.ts'
import { exactly, noStream } from '../../src/domain/expected-revision.ts'
import { openEventStoreDbStore } from '../../src/eventstoredb.ts'

/** Settings under which a drop, or silence, costs a test little. */
export const quick = { firstMs: 1, maxMs: 20, quietMs: 60, livenessMs: 150, outageMs: 20_000 }

export const quickStoreOn = async (connectionString: string, deadlineMs = 700): Promise<EventStore> => {
  const store = await openEventStoreDbStore({ connectionString, deadlineMs, subscriptions: quick })
  onTestFinished(() => store.dispose())
  return store
}

export const event = (bytes = 0): ProposedEvent => ({
  id: randomUUID(),
  type: 'T',
  data: JSON.stringify('x'.repeat(bytes)),
  metadata: '{}'
})

/** Writes to streams, each event to the next revision; remembers the ids in their order. */
export const writer = (store: EventStore, prefix: string) => {
  const ids: Array<string> = []
  const revisions = new Map<string, number>()
  return {
    ids,
    /** `count` events in one append, to one of a few streams of the prefix. */
    write: async (count: number, bytes = 0): Promise<void> => {
      const stream = `${prefix}${ids.length % 3}`
      const from = revisions.get(stream) ?? 0
      const events = Array.from({ length: count }, () => event(bytes))
      const append = { stream, expected: from === 0 ? noStream : exactly(BigInt(from - 1)), events }
      for (;;) {
        const result = await store.append(append)()
        if (E.isLeft(result) && result.left._tag === 'OutcomeUnknown') continue
        expect(result).toEqual(E.right({ revision: BigInt(from + count - 1) }))
        break
      }
      revisions.set(stream, from + count)
      ids.push(...events.map(({ id }) => id))
    }
  }
}

export type Heard = {
  /** Ids of events, `checkpoint` and `caught up`, in order. */
  readonly messages: ReadonlyArray<string>
  readonly ids: ReadonlyArray<string>
  readonly positions: ReadonlyArray<string>
  readonly streams: ReadonlySet<string>
  readonly caughtUp: number
}

type Following = {
  /** What was heard so far. */
  readonly heard: () => Heard
  readonly stop: () => Promise<void>
  /** The error that it ended with, if any. */
  readonly ended: Promise<unknown>
}

/** Keeps what is heard, at a cost that does not grow with it. */
const listener = () => {
  const messages: Array<string> = []
  const ids: Array<string> = []
  const positions: Array<string> = []
  const streams = new Set<string>()
  let caughtUp = 0
  const hear = (message: SubscriptionMessage): void => {
    switch (message._tag) {
      case 'Event':
        messages.push(message.event.id)
        ids.push(message.event.id)
        positions.push(message.event.position)
        streams.add(message.event.stream)
        break
      case 'Checkpoint':
        messages.push('checkpoint')
        positions.push(message.position)
        break
      case 'CaughtUp':
        messages.push('caught up')
        caughtUp++
    }
  }
  const heard = (): Heard => ({
    messages: [...messages],
    ids: [...ids],
    positions: [...positions],
    streams: new Set(streams),
    caughtUp
  })
  return { hear, heard }
}

/** Follows a prefix in the background, with the test. `take` may hold the consumer up. */
export const follow = (
  store: EventStore,
  streamPrefix: string,
  after: string | 'start' = 'start',
  take: () => Promise<void> | void = () => {}
): Following => {
  const { hear, heard } = listener()
  const end = new AbortController()
  const run = async (): Promise<unknown> => {
    for await (const message of store.subscribe({ after, streamPrefix, signal: end.signal })) {
      if (E.isLeft(message)) return message.left
      hear(message.right)
      await take()
    }
    return undefined
  }
  const ended = run()
  const stop = async (): Promise<void> => {
    end.abort()
    await ended
  }
  onTestFinished(stop)
  return { heard, stop, ended }
}
