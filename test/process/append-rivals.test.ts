import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { program, start } from '../support/child.ts'
import { sqliteStoreOn } from '../support/sqlite-store.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import type { AppendSaid } from './said.ts'

/** For a machine that has much else to do; a hang is longer. */
const timeout = 300_000

const rival = program('test/process/append-rival-child.ts')

describe('8 processes on one file that want the same places', () => {
  it('get each place once, the losers are told the true revision, and the file holds all of it', {
    timeout
  }, async () => {
    const file = temporaryFile('store.db')
    const streams = ['rivals-idem_a', 'rivals-idem_b', 'rivals-idem_c', 'rivals-idem_d']
    const rivals = Array.from({ length: 8 }, () => start<AppendSaid>(rival, { file, streams, callers: 8, rounds: 8 }))
    await Promise.all(rivals.map((one) => one.hear(({ _tag }) => _tag === 'Ready')))
    for (const one of rivals) one.tell('go')
    await Promise.all(rivals.map((one) => one.end()))

    const said = rivals.flatMap((one) => one.said)
    expect(said.filter(({ _tag }) => _tag === 'Failed')).toEqual([])
    const written = said.flatMap((one) => (one._tag === 'Written' ? [one] : []))
    const lost = said.flatMap((one) => (one._tag === 'Lost' ? [one] : []))
    expect(written.length + lost.length).toBe(8 * 8 * 8)
    // both are seen many times, or there was no rivalry to speak of
    expect(written.length).toBeGreaterThan(60)
    expect(lost.length).toBeGreaterThan(20)
    for (const { wanted, actual } of lost) {
      expect(actual).toBeGreaterThan(wanted)
      expect(actual % 2).toBe(1)
    }

    const store = await sqliteStoreOn({ file })
    for (const stream of streams) {
      const read = await store.readStream(stream, 'forwards', 'start', 10_000)()
      if (E.isLeft(read)) throw new Error(read.left.message)
      const places = written
        .filter((one) => one.stream === stream)
        .toSorted((a, b) => a.revision - b.revision)
        .flatMap(({ revision, ids }) => ids.map((id, index) => [BigInt(revision - 1 + index), id]))
      expect(read.right.map(({ revision, id }) => [revision, id])).toEqual(places)
      expect(places.map(([revision]) => revision)).toEqual(places.map((_, index) => BigInt(index)))
    }
    const log = await store.readAll('start', 'rivals-idem_', 10_000)()
    if (E.isLeft(log)) throw new Error(log.left.message)
    expect(log.right.events).toHaveLength(2 * written.length)
    expect(log.right.events.map(({ position }) => position)).toEqual(log.right.events.map((_, n) => String(n + 1)))
  })
})
