import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { TaskEither } from 'fp-ts/TaskEither'
import type {
  Appended,
  AppendFailure,
  EventStore,
  Position,
  ProposedEvent,
  RecordedEvent
} from '../../application/ports/event-store.ts'
import type { ExpectedRevision } from '../../domain/expected-revision.ts'
import { right, soon } from './expectations.ts'
import type { Capabilities, Harness } from './harness.ts'

/** What a case has to work with: an empty store, and ways to use it. */
export type World = {
  readonly capabilities: Capabilities
  readonly store: EventStore
  /** Another store on the same events. All that are opened are disposed of with the case. */
  readonly again: () => Promise<EventStore>
  /** What the names of `stream` begin with. */
  readonly prefix: string
  /** A name that nobody used before, as keyfold makes them. */
  readonly stream: (prefix?: string) => string
  readonly put: (
    stream: string,
    expected: ExpectedRevision,
    events: ReadonlyArray<ProposedEvent>,
    store?: EventStore
  ) => TaskEither<AppendFailure, Appended>
  /** The events of a stream, oldest first. */
  readonly all: (stream: string, store?: EventStore) => Promise<ReadonlyArray<RecordedEvent>>
  /** The events of the log after a position, page by page. */
  readonly log: (after?: Position | 'start', maxCount?: number) => Promise<ReadonlyArray<RecordedEvent>>
}

/** What the largest append of a case takes, and more: 1,000 small events. */
const leastLimit = 131_072

/** More events, or pages, than any case has to do with. */
const maxEvents = 10_000

/** Runs a case in a world of its own. */
export const inWorld =
  ({ open, openAgain, capabilities }: Harness, run: (world: World) => Promise<void>): (() => Promise<void>) =>
  async () => {
    const store = await open()
    const opened = [store]
    const prefix = 'contract_1.a-idem_'
    const log: World['log'] = async (from = 'start', maxCount = 100) => {
      const events: Array<RecordedEvent> = []
      let after = from
      for (let pages = 0; ; pages++) {
        assert.ok(pages < maxEvents, 'the log comes to an end')
        const page = await right(store.readAll(after, prefix, maxCount))
        events.push(...page.events)
        if (page.atEnd) return events
        after = page.next
      }
    }
    try {
      const { maxAppendBytes: limit = leastLimit } = store
      assert.ok(limit >= leastLimit, `the suite needs a \`maxAppendBytes\` of 131,072 or more, and this is ${limit}`)
      await run({
        capabilities,
        store,
        again: async () => {
          const another = await openAgain()
          opened.push(another)
          return another
        },
        prefix,
        stream: (begins = prefix) => `${begins}${randomUUID().replaceAll('-', '').repeat(2)}`,
        put: (stream, expected, events, to = store) => to.append({ stream, expected, events }),
        all: (stream, from = store) => right(from.readStream(stream, 'forwards', 'start', maxEvents)),
        log
      })
    } finally {
      await soon(Promise.all(opened.map((one) => one.dispose())), 'the end of the stores')
    }
  }
