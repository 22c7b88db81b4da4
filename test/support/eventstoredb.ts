import { randomUUID } from 'node:crypto'
import * as E from 'fp-ts/Either'
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest'
import type {
  EventStore,
  RecordedEvent,
  StoreError,
  SubscriptionMessage
} from '../../src/application/ports/event-store.ts'
import { type EventStoreDbStoreOptions, openEventStoreDbStore } from '../../src/eventstoredb.ts'
import { type StandIn, type StandInOptions, startStandIn } from '../../src/testing/eventstoredb.ts'

/** A real server to run the suites against; without it they run over the stand-in. */
export const realServer: string | undefined = process.env['KEYFOLD_EVENTSTOREDB_URL']

/** For tests that are not about time, ms: containers are slow to warm up, and a busy machine may take seconds for a call. */
const patientMs = 20_000

/** A stand-in that goes with the test. */
export const standIn = async (options: StandInOptions = {}): Promise<StandIn> => {
  const server = await startStandIn(options)
  onTestFinished(() => server.stop())
  return server
}

/** A store that goes with the test, and is patient unless the test says otherwise. */
export const storeOn = async (
  connectionString: string,
  options: Omit<EventStoreDbStoreOptions, 'connectionString' | 'client' | 'credentials'> = {}
): Promise<EventStore> => {
  const store = await openEventStoreDbStore({ connectionString, deadlineMs: patientMs, ...options })
  onTestFinished(() => store.dispose())
  return store
}

export const openOn = (connectionString: string): Promise<EventStore> =>
  openEventStoreDbStore({ connectionString, deadlineMs: patientMs })

/** A category that nobody used before. */
export const freshCategory = (): string => `test_${randomUUID().replaceAll('-', '')}`

/**
 * A view of a store in which all names begin with a mark that is used once only: a server that others use, or used
 * before, looks empty.
 */
export const apart = (store: EventStore, mark: string): EventStore => {
  // names that a store refuses are to reach it as they are
  const named = (stream: string): string =>
    typeof stream === 'string' && stream !== '' && !stream.startsWith('$$') ? mark + stream : stream
  const bare = (event: RecordedEvent): RecordedEvent => ({ ...event, stream: event.stream.slice(mark.length) })
  const bareMessage = (message: SubscriptionMessage): SubscriptionMessage =>
    message._tag === 'Event' ? { ...message, event: bare(message.event) } : message
  return {
    ...store,
    append: (append) => store.append({ ...append, stream: named(append.stream) }),
    readStream: (stream, direction, from, count) => async () =>
      E.map((events: ReadonlyArray<RecordedEvent>) => events.map(bare))(
        await store.readStream(named(stream), direction, from, count)()
      ),
    ...(store.isRemoved && {
      isRemoved: (stream, ...rest) => store.isRemoved?.(named(stream), ...rest) ?? expect.unreachable()
    }),
    readAll: (after, prefix, maxCount) => async () => {
      const page = await store.readAll(after, mark + prefix, maxCount)()
      return E.isLeft(page) ? page : E.right({ ...page.right, events: page.right.events.map(bare) })
    },
    subscribe: (options) => {
      const messages = store.subscribe({ ...options, streamPrefix: mark + options.streamPrefix })
      return {
        [Symbol.asyncIterator]: () => {
          const all = messages[Symbol.asyncIterator]()
          const next = async (): Promise<IteratorResult<E.Either<StoreError, SubscriptionMessage>, undefined>> => {
            const step = await all.next()
            return step.done ? { done: true, value: undefined } : { value: E.map(bareMessage)(step.value) }
          }
          return {
            next,
            // handed on at once: a generator in between would hear of it only after its next message
            return: async () => {
              await all.return?.()
              return { done: true, value: undefined }
            }
          }
        }
      }
    }
  }
}

/** Fails the file where any promise was rejected that nobody waited for: outside tests that ends a process. */
export const forbidUnhandledRejections = (): void => {
  const rejections: Array<unknown> = []
  const note = (reason: unknown): void => void rejections.push(reason)
  beforeAll(() => void process.on('unhandledRejection', note))
  afterAll(async () => {
    // they are told of after all microtasks
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', note)
    expect(rejections).toEqual([])
  })
}
