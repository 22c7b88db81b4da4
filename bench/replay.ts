import { join } from 'node:path'
import * as E from 'fp-ts/Either'
import { sha256 } from '../src/adapters/node/sha256.ts'
import { decodeRecorded } from '../src/application/stream/event-text.ts'
import type { EventStore, Position, State } from '../src/index.ts'
import { evolve, initialState } from '../src/index.ts'
import { openSqliteStore } from '../src/sqlite.ts'
import { benchmark, count, measured, megabytes, perSecond } from './harness/figure.ts'
import { elapsed, inTurns, median, ratio } from './harness/measure.ts'
import { outcome, requestFor } from './harness/requests.ts'
import { rawCopy, rawScan } from './harness/scans.ts'
import { withLedger } from './harness/sqlite-ledger.ts'

const keys = 20_000
const usualRounds = 5
const page = 1000

/** A log of keys that were reserved, seen again, and completed. */
const written = (file: string, from: number, to: number): Promise<void> =>
  withLedger({ file, synchronous: 'NORMAL' }, async (ledger) => {
    const all = Array.from({ length: to - from }, (_, n) => `key-${from + n}`)
    for (let at = 0; at < all.length; at += 256) {
      await Promise.all(
        all.slice(at, at + 256).map(async (key) => {
          const answer = await ledger.reserve(requestFor(key))
          await ledger.reserve(requestFor(key))
          if (answer._tag === 'Reserved') await ledger.complete({ claim: answer.claim, outcome })
        })
      )
    }
  })

type Pages = (after: Position | 'start') => Promise<{ next: Position | 'start'; atEnd: boolean }>

/** Every event checked, decoded and folded into the state of its key; states of keys that are over are let go. */
const replayOf =
  (store: EventStore, states: Map<string, State>): Pages =>
  async (after) => {
    const read = await store.readAll(after, 'idempotency-idem_', page)()
    if (E.isLeft(read)) throw new Error(read.left.message)
    for (const recorded of read.right.events) {
      const decoded = decodeRecorded(sha256)(recorded)
      if (E.isLeft(decoded)) throw new Error(decoded.left.message)
      const { event } = decoded.right
      const state = evolve(states.get(recorded.stream) ?? initialState, event)
      if (event.type === 'Completed') states.delete(recorded.stream)
      else states.set(recorded.stream, state)
    }
    return read.right
  }

/** Replays the whole log; the events that it has, and the most heap that was in use between pages. */
const replay = async (file: string): Promise<number> => {
  const store = await openSqliteStore({ file })
  const states = new Map<string, State>()
  const next = replayOf(store, states)
  let peak = 0
  for (let after: Position | 'start' = 'start', atEnd = false, pages = 0; !atEnd; pages++) {
    ;({ next: after, atEnd } = await next(after))
    if (pages % 20 !== 0) continue
    globalThis.gc?.()
    peak = Math.max(peak, process.memoryUsage().heapUsed)
  }
  await store.dispose()
  return peak
}

const timedReplay = async (file: string): Promise<number> => {
  const store = await openSqliteStore({ file })
  const next = replayOf(store, new Map())
  const ms = await elapsed(async () => {
    for (let after: Position | 'start' = 'start', atEnd = false; !atEnd; ) ({ next: after, atEnd } = await next(after))
  })
  await store.dispose()
  return ms
}

export const replaying = benchmark({
  name: 'replay',
  about: 'the whole log read, hash-checked, decoded and folded, beside a raw scan and JSON.parse',
  goals: { 'events replayed': { atLeast: 0.5 }, 'most heap in use, five times as many events': { atMost: 1.1 } },
  run: async (folder) => {
    const file = join(folder, 'log.db')
    await written(file, 0, keys)
    const raws = join(folder, 'raw.db')
    await rawCopy(file, raws)
    const events = 3 * keys
    const times = await inTurns(usualRounds, { ledger: () => timedReplay(file), raw: () => rawScan(raws) })
    const small = await replay(file)
    await written(file, keys, 5 * keys)
    const large = await replay(file)
    return {
      'events replayed': measured({
        measured: `${perSecond(events, median(times.ledger))} of ${count(events)}`,
        reference: `${perSecond(events, median(times.raw))} raw scan and JSON.parse`,
        value: ratio(times.raw, times.ledger)
      }),
      'most heap in use, five times as many events': measured({
        measured: `${megabytes(large)} for ${count(5 * events)}`,
        reference: `${megabytes(small)} for ${count(events)}`,
        value: large / small
      })
    }
  }
})
