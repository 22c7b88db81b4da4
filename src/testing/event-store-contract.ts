import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type {
  Append,
  Appended,
  AppendFailure,
  EventStore,
  ProposedEvent,
  SubscriptionMessage
} from '../application/ports/event-store.ts'
import { type ExpectedRevision, exactly, noStream } from '../domain/expected-revision.ts'

/** What the suite needs of a test runner: vitest, jest and node:test all have it. */
export type Runner = {
  readonly describe: (name: string, body: () => void) => void
  readonly it: (name: string, body: () => Promise<void>) => void
}

export type Harness = {
  /** A store with nothing in it. */
  readonly open: () => Promise<EventStore>
  /** A second way to what the store holds, where it outlives a connection: it is opened while the first is open. */
  readonly openAgain?: (() => Promise<EventStore>) | undefined
}

const event = (data: unknown = { n: 1 }): ProposedEvent => ({
  id: randomUUID(),
  type: 'Tested',
  data: JSON.stringify(data),
  metadata: JSON.stringify({ about: 'the contract' })
})

const events = (count: number): ReadonlyArray<ProposedEvent> => Array.from({ length: count }, (_, n) => event({ n }))

const right = async <L, A>(task: TaskEither<L, A>): Promise<A> => {
  const result = await task()
  if (E.isLeft(result))
    assert.fail(`expected success: ${JSON.stringify(result.left, (_, v) => (typeof v === 'bigint' ? `${v}` : v))}`)
  return result.right
}

const conflict = async (task: TaskEither<AppendFailure, Appended>, actual: bigint | 'noStream'): Promise<void> => {
  const result = await task()
  assert.deepEqual(result, E.left({ _tag: 'WrongExpectedRevision', actual }))
}

const idsOf = (list: ReadonlyArray<{ readonly id: string }>): ReadonlyArray<string> => list.map(({ id }) => id)

/** The contract of the store port (SPEC section 8), case by case, for any adapter and any runner. */
export const eventStoreContract = (name: string, harness: Harness, { describe, it }: Runner): void => {
  const prefix = 'contract-idem_'
  const stream = (): string => `${prefix}${randomUUID()}`
  const put = (store: EventStore, to: string, expected: ExpectedRevision, list: Append['events']) =>
    store.append({ stream: to, expected, events: list })
  const all = (store: EventStore, of: string) => right(store.readStream(of, 'forwards', 'start', 1000))
  const using =
    (body: (store: EventStore) => Promise<void>): (() => Promise<void>) =>
    async () => {
      const store = await harness.open()
      try {
        await body(store)
      } finally {
        await store.dispose()
      }
    }

  describe(`${name}: append`, () => {
    it(
      'writes a new stream and gives the revision of its last event',
      using(async (store) => {
        const s = stream()
        assert.deepEqual(await right(put(store, s, noStream, events(3))), { revision: 2n })
        assert.deepEqual(await right(put(store, s, exactly(2n), events(1))), { revision: 3n })
      })
    )
    it(
      'lets exactly one of two rivals write where there is no stream',
      using(async (store) => {
        const s = stream()
        const results = await Promise.all(Array.from({ length: 16 }, () => put(store, s, noStream, events(1))()))
        assert.equal(results.filter(E.isRight).length, 1)
        for (const lost of results.filter(E.isLeft))
          assert.deepEqual(lost.left, { _tag: 'WrongExpectedRevision', actual: 0n })
        assert.equal((await all(store, s)).length, 1)
      })
    )
    it(
      'demands “no stream” also of a writer that read it before another wrote',
      using(async (store) => {
        const s = stream()
        assert.deepEqual(await all(store, s), [])
        await right(put(store, s, noStream, events(2)))
        await conflict(put(store, s, noStream, events(1)), 1n)
      })
    )
    it(
      'reports the actual revision, also where there is no stream',
      using(async (store) => {
        const s = stream()
        await conflict(put(store, s, exactly(0n), events(1)), 'noStream')
        await right(put(store, s, noStream, events(2)))
        await conflict(put(store, s, exactly(0n), events(1)), 1n)
        await conflict(put(store, s, exactly(7n), events(1)), 1n)
      })
    )
    it(
      'takes the same ids again as success, though the stream moved on',
      using(async (store) => {
        const s = stream()
        const first = events(2)
        const second = events(2)
        await right(put(store, s, noStream, first))
        assert.deepEqual(await right(put(store, s, noStream, first)), { revision: 1n })
        await right(put(store, s, exactly(1n), second))
        await right(put(store, s, exactly(3n), events(1)))
        assert.deepEqual(await right(put(store, s, noStream, first)), { revision: 1n })
        assert.deepEqual(await right(put(store, s, exactly(1n), second)), { revision: 3n })
        assert.equal((await all(store, s)).length, 5)
      })
    )
    it(
      'takes a prefix of what was written as success, a superset or a mixture as a conflict',
      using(async (store) => {
        const s = stream()
        const [a, b] = [event(), event()]
        await right(put(store, s, noStream, [a, b]))
        assert.deepEqual(await right(put(store, s, noStream, [a])), { revision: 0n })
        await conflict(put(store, s, noStream, [a, b, event()]), 1n)
        await conflict(put(store, s, noStream, [a, event()]), 1n)
        await conflict(put(store, s, noStream, [event(), b]), 1n)
        await conflict(put(store, s, noStream, [b, a]), 1n)
      })
    )
    it(
      'does not look at ids at the tail',
      using(async (store) => {
        const s = stream()
        const a = event()
        await right(put(store, s, noStream, [a]))
        assert.deepEqual(await right(put(store, s, exactly(0n), [a])), { revision: 1n })
      })
    )
    it(
      'keeps the neighbours of a conflict',
      using(async (store) => {
        const taken = stream()
        await right(put(store, taken, noStream, events(1)))
        const free = Array.from({ length: 20 }, stream)
        const results = await Promise.all(
          free.flatMap((s) => [put(store, s, noStream, events(1))(), put(store, taken, noStream, events(1))()])
        )
        assert.equal(results.filter(E.isRight).length, free.length)
        for (const s of free) assert.equal((await all(store, s)).length, 1)
        assert.equal((await all(store, taken)).length, 1)
      })
    )
    it(
      'refuses an append without events',
      using(async (store) => {
        const result = await put(store, stream(), noStream, [])()
        assert.ok(E.isLeft(result) && result.left._tag === 'NotWritten' && result.left.error._tag === 'InvalidInput')
      })
    )
    it(
      'gives texts back as they were',
      using(async (store) => {
        const s = stream()
        const odd = {
          '2': 1,
          '10': 2,
          a: '\u0000\u0085\ufeff\uffff😀"\\',
          __proto__: null,
          big: 'x'.repeat(200_000),
          n: [1e21, 0.1, 5e-324]
        }
        const one = { ...event(odd), data: JSON.stringify(odd) }
        await right(put(store, s, noStream, [one]))
        const [read] = await all(store, s)
        assert.equal(read?.data, one.data)
        assert.equal(read?.metadata, one.metadata)
        assert.equal(read?.type, one.type)
        assert.equal(read?.stream, s)
        assert.ok(Number.isSafeInteger(read?.recordedAtMs))
      })
    )
  })

  describe(`${name}: read`, () => {
    it(
      'reads a stream from both ends and from any revision',
      using(async (store) => {
        const s = stream()
        const list = events(5)
        const ids = idsOf(list)
        await right(put(store, s, noStream, list))
        const read = async (direction: 'forwards' | 'backwards', from: bigint | 'start' | 'end', count: number) =>
          idsOf(await right(store.readStream(s, direction, from, count)))
        assert.deepEqual(await read('forwards', 'start', 2), ids.slice(0, 2))
        assert.deepEqual(await read('forwards', 3n, 10), ids.slice(3))
        assert.deepEqual(await read('forwards', 9n, 10), [])
        assert.deepEqual(await read('backwards', 'end', 2), [ids[4], ids[3]])
        assert.deepEqual(await read('backwards', 1n, 10), [ids[1], ids[0]])
        assert.deepEqual(await right(store.readStream(stream(), 'backwards', 'end', 10)), [])
      })
    )
    it(
      'pages through the log in the order of writing, one prefix only, after a position',
      using(async (store) => {
        const [a, b] = [stream(), stream()]
        const written: Array<string> = []
        for (let n = 0; n < 4; n++) {
          for (const s of [a, b]) {
            const list = events(1)
            await right(put(store, s, n === 0 ? noStream : exactly(BigInt(n - 1)), list))
            written.push(...idsOf(list))
          }
        }
        await right(put(store, `other-idem_${randomUUID()}`, noStream, events(1)))
        const seen: Array<string> = []
        let after: string = 'start'
        for (let atEnd = false; !atEnd; ) {
          const page = await right(store.readAll(after, prefix, 3))
          seen.push(...idsOf(page.events))
          after = page.next
          atEnd = page.atEnd
        }
        assert.deepEqual(seen, written)
        assert.deepEqual((await right(store.readAll(after, prefix, 3))).events, [])
      })
    )
  })

  describe(`${name}: subscribe`, () => {
    const follow = async (
      messages: AsyncIterable<E.Either<unknown, SubscriptionMessage>>,
      enough: (seen: ReadonlyArray<string>, caughtUp: boolean) => boolean | Promise<boolean>
    ): Promise<{ seen: ReadonlyArray<string>; positions: ReadonlyArray<string> }> => {
      const seen: Array<string> = []
      const positions: Array<string> = []
      let caughtUp = false
      for await (const message of messages) {
        assert.ok(E.isRight(message))
        if (message.right._tag === 'CaughtUp') caughtUp = true
        if (message.right._tag === 'Event') {
          seen.push(message.right.event.id)
          positions.push(message.right.event.position)
        }
        if (await enough(seen, caughtUp)) break
      }
      return { seen, positions }
    }
    it(
      'delivers what is there, says so, then what comes',
      using(async (store) => {
        const s = stream()
        const [old, live] = [events(3), events(2)]
        await right(put(store, s, noStream, old))
        let wrote = false
        const { seen } = await follow(
          store.subscribe({ after: 'start', streamPrefix: prefix }),
          async (ids, caughtUp) => {
            if (caughtUp && !wrote) {
              wrote = true
              assert.deepEqual(ids, idsOf(old))
              await right(put(store, s, exactly(2n), live))
            }
            return ids.length === 5
          }
        )
        assert.deepEqual(seen, idsOf([...old, ...live]))
      })
    )
    it(
      'goes on after a position, exclusive',
      using(async (store) => {
        const s = stream()
        const list = events(4)
        await right(put(store, s, noStream, list))
        const { positions } = await follow(
          store.subscribe({ after: 'start', streamPrefix: prefix }),
          (ids) => ids.length === 2
        )
        const rest = await follow(
          store.subscribe({ after: positions[1] ?? 'start', streamPrefix: prefix }),
          (ids) => ids.length === 2
        )
        assert.deepEqual(rest.seen, idsOf(list.slice(2)))
      })
    )
    it(
      'ends when its signal is aborted, and with the store',
      using(async (store) => {
        const stop = new AbortController()
        const { seen } = await follow(
          store.subscribe({ after: 'start', streamPrefix: prefix, signal: stop.signal }),
          (_, caughtUp) => {
            if (caughtUp) stop.abort()
            return false
          }
        )
        assert.deepEqual(seen, [])
      })
    )
  })

  describe(`${name}: several streams at once, and the end`, () => {
    it(
      'appends atomically, or not at all, where the store can',
      using(async (store) => {
        if (store.appendAtomically === undefined) return
        const [a, b, c] = [stream(), stream(), stream()]
        await right(store.appendAtomically([a, b].map((s) => ({ stream: s, expected: noStream, events: events(2) }))))
        assert.equal((await all(store, b)).length, 2)
        const failed = await store.appendAtomically(
          [c, a].map((s) => ({ stream: s, expected: noStream, events: events(2) }))
        )()
        assert.deepEqual(failed, E.left({ _tag: 'WrongExpectedRevision', actual: 1n, index: 1 }))
        assert.deepEqual(await all(store, c), [])
      })
    )
    it('shows the same to a second connection, which is judged by the same rules', async () => {
      if (harness.openAgain === undefined) return
      const store = await harness.open()
      const second = await harness.openAgain()
      const s = stream()
      const results = await Promise.all([store, second].map((one) => put(one, s, noStream, events(1))()))
      assert.equal(results.filter(E.isRight).length, 1)
      assert.deepEqual(idsOf(await all(second, s)), idsOf(await all(store, s)))
      await store.dispose()
      assert.equal((await all(second, s)).length, 1)
      await second.dispose()
    })
    it('answers typed after its end, and may be ended twice', async () => {
      const store = await harness.open()
      await Promise.all([store.dispose(), store.dispose()])
      const result = await put(store, stream(), noStream, events(1))()
      assert.ok(E.isLeft(result) && result.left._tag === 'NotWritten' && result.left.error._tag === 'StoreUnavailable')
      const read = await store.readStream(stream(), 'forwards', 'start', 1)()
      assert.ok(E.isLeft(read) && read.left._tag === 'StoreUnavailable')
    })
  })
}
