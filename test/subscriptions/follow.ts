import { randomUUID } from 'node:crypto'
import * as E from 'fp-ts/Either'
import { expect, onTestFinished } from 'vitest'
import type { EventStore, ProposedEvent, SubscriptionMessage } from '../../src/application/ports/event-store.ts'
import { exactly, noStream } from '../../src/domain/expected-revision.ts'
import { openEventStoreDbStore } from '../../src/eventstoredb.ts'

/** Settings under which a drop, or silence, costs a test little. */
export const quick = { firstMs: 1, mostMs: 20, quietMs: 60, livenessMs: 150, outageMs: 20_000 }

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

const nothing: Heard = { messages: [], ids: [], positions: [], streams: new Set(), caughtUp: 0 }

const add = (heard: Heard, message: SubscriptionMessage): Heard => {
  switch (message._tag) {
    case 'Event': {
      const { id, position, stream } = message.event
      return {
        ...heard,
        messages: [...heard.messages, id],
        ids: [...heard.ids, id],
        positions: [...heard.positions, position],
        streams: new Set([...heard.streams, stream])
      }
    }
    case 'Checkpoint':
      return {
        ...heard,
        messages: [...heard.messages, 'checkpoint'],
        positions: [...heard.positions, message.position]
      }
    case 'CaughtUp':
      return { ...heard, messages: [...heard.messages, 'caught up'], caughtUp: heard.caughtUp + 1 }
  }
}

/** Follows a prefix in the background, with the test. `take` may hold the consumer up. */
export const follow = (
  store: EventStore,
  streamPrefix: string,
  after: string | 'start' = 'start',
  take: () => Promise<void> | void = () => {}
): Following => {
  let heard = nothing
  const end = new AbortController()
  const run = async (): Promise<unknown> => {
    for await (const message of store.subscribe({ after, streamPrefix, signal: end.signal })) {
      if (E.isLeft(message)) return message.left
      heard = add(heard, message.right)
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
  return { heard: () => heard, stop, ended }
}
