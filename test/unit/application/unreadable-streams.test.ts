import { describe, expect, it } from 'vitest'
import type { RecordedEvent } from '../../../src/application/ports/event-store.ts'
import { exactly, noStream } from '../../../src/domain/expected-revision.ts'
import { chained, hashFaults, type Unchained } from '../../support/hash-chain.ts'
import {
  asking,
  done,
  failureOf,
  idOf,
  keyOf,
  type ScriptedLedger,
  scriptedLedger,
  stored,
  streamOf
} from '../../support/scripted-ledger.ts'

type Events = ReadonlyArray<RecordedEvent>

describe('a stream whose head is gone', () => {
  const world = async (events: ReadonlyArray<Unchained>, cut: (all: Events) => Events): Promise<ScriptedLedger> => {
    const made = scriptedLedger()
    await made.store.real.append({ stream: streamOf(), expected: noStream, events: chained(streamOf(), events) })()
    made.store.onEveryRead(async () => {
      const { direction, from, count } = made.store.asked()
      const there = cut(await stored(made.store))
      const within = there.filter(
        ({ revision }) => typeof from === 'string' || (direction === 'backwards' ? revision <= from : revision >= from)
      )
      return { _tag: 'Right', right: (direction === 'backwards' ? within.toReversed() : within).slice(0, count) }
    })
    return made
  }
  const seen = { type: 'DuplicateSeen', data: { atMs: 5, firstAtMs: 5, count: 1, owners: ['o'] } }
  const reserved = (over = {}) => ({
    type: 'Reserved',
    data: {
      atMs: 1,
      recordId: idOf(),
      tenant: { orgId: 'org', workspaceId: 'ws', source: 'explicit' },
      operation: 'op',
      key: 'k',
      owner: 'o',
      requestFingerprint: 'fp',
      epoch: 1,
      claimId: 'c',
      ...over
    }
  })

  it('is CorruptStream where nothing is left to fold from', async () => {
    const { ledger } = await world([reserved(), seen, seen, seen], (all) => all.slice(2))
    const failed = await failureOf(ledger.get(keyOf()))
    expect(failed).toMatchObject({ _tag: 'CorruptStream' })
    expect(failed.message).toBe(`${streamOf()} at revision 2: the events before it are gone`)
    expect(await failureOf(ledger.history(keyOf()))).toMatchObject({ _tag: 'CorruptStream' })
  })
  it('is CorruptStream where the event is gone that the last Reserved followed on', async () => {
    const expired = { type: 'Expired', data: { atMs: 2, epoch: 1, reason: 'released' } }
    const events = [reserved(), expired, reserved({ epoch: 2 }), seen]
    const { ledger } = await world(events, (all) => all.slice(2))
    expect((await failureOf(ledger.get(keyOf()))).message).toBe(
      `${streamOf()} at revision 2: the events before it are gone`
    )
    expect((await failureOf(ledger.history(keyOf()))).message).toContain('at revision 2')
  })
  it.each([0, 1, 6, 7, 8, 9, 63, 64, 65])(
    'is looked for where a page ends: %i events after the last Reserved',
    async (n) => {
      const expired = { type: 'Expired', data: { atMs: 2, epoch: 1, reason: 'released' } }
      const events = [reserved(), expired, reserved({ epoch: 2 }), ...Array.from({ length: n }, () => seen)]
      const whole = await world(events, (all) => all)
      expect(await whole.ledger.get(keyOf())).toMatchObject({ epoch: 2, duplicateCount: n })
      const cut = await world(events, (all) => all.slice(2))
      expect((await failureOf(cut.ledger.get(keyOf()))).message).toContain(
        'at revision 2: the events before it are gone'
      )
      const forged = await world(events, (all) =>
        all.toSpliced(1, 1, ...all.slice(0, 1).map((one) => ({ ...one, revision: 1n })))
      )
      expect((await failureOf(forged.ledger.get(keyOf()))).message).toContain('at revision 2')
    }
  )
  it('is CorruptStream where it begins with what cannot begin a stream, or with another stream’s hash', async () => {
    const first = await world([seen], (all) => all)
    expect((await failureOf(first.ledger.get(keyOf()))).message).toBe(
      `${streamOf()} at revision 0: a stream cannot begin with DuplicateSeen`
    )
    const second = scriptedLedger()
    const events = chained(streamOf('another'), [reserved()])
    await second.store.real.append({ stream: streamOf(), expected: noStream, events })()
    expect((await failureOf(second.ledger.get(keyOf()))).message).toContain('at revision 0')
  })
})

describe('an event that this build cannot read', () => {
  const appended = async (event: Unchained): Promise<ScriptedLedger> => {
    const world = scriptedLedger()
    await world.ledger.reserve(asking())
    const [before] = await stored(world.store)
    const events = chained(streamOf(), [event], before)
    await world.store.real.append({ stream: streamOf(), expected: exactly(0n), events })()
    return world
  }
  const seen = { atMs: 5, firstAtMs: 5, count: 1, owners: ['o'] }
  const nested = (depth: number): unknown => Array.from({ length: depth }).reduce<unknown>((inner) => [inner], 0)

  it.each<[string, Unchained, string, string]>([
    [
      'of a newer schema version',
      { type: 'DuplicateSeen', data: {}, metadata: { schemaVersion: 2 } },
      'UnsupportedVersion',
      'DuplicateSeen of schema version 2 is newer than supported version 1'
    ],
    ['of an unknown type', { type: 'Paused', data: {} }, 'CorruptStream', '"Paused" is not an event of keyfold'],
    ['of a wrong shape', { type: 'DuplicateSeen', data: { ...seen, atMs: -1 } }, 'CorruptStream', '$.atMs'],
    ['of a count that is none', { type: 'DuplicateSeen', data: { ...seen, count: 0 } }, 'CorruptStream', '$.count'],
    [
      'of an epoch beyond the safe integers',
      { type: 'Expired', data: { atMs: 5, epoch: 2 ** 53, reason: 'operator' } },
      'CorruptStream',
      '$.epoch'
    ],
    [
      'of a depth that nothing could walk',
      { type: 'DuplicateSeen', data: { ...seen, more: nested(3200) } },
      'CorruptStream',
      'not valid'
    ],
    ['of no object', { type: 'DuplicateSeen', data: 7 }, 'CorruptStream', 'not valid']
  ])('%s: fails every command and question by its tag', async (_, event, tag, message) => {
    const { ledger, store } = await appended(event)
    for (const run of [
      () => ledger.get(keyOf()),
      () => ledger.history(keyOf()),
      () => ledger.list(),
      () => ledger.reserve(asking()),
      () => ledger.completeByKey({ ...keyOf(), outcome: done })
    ]) {
      const failed = await failureOf(run())
      expect(failed._tag).toBe(tag)
      expect(failed.message).toContain(`${streamOf()} at revision 1: `)
      expect(failed.message).toContain(message)
    }
    expect(await stored(store)).toHaveLength(2)
  })
  it('is none for fields that this build does not know: they survive, in data and in metadata', async () => {
    const { ledger, store } = await appended({
      type: 'DuplicateSeen',
      data: { ...seen, region: { name: 'eu', nested: [1] } },
      metadata: { host: 'h1' }
    })
    expect(await ledger.get(keyOf())).toMatchObject({ duplicateCount: 1 })
    await ledger.reserve(asking())
    const [, unknown] = await ledger.history(keyOf())
    expect(unknown).toMatchObject({ data: { region: { name: 'eu', nested: [1] } }, host: 'h1' })
    expect(hashFaults(streamOf(), await stored(store))).toEqual([])
  })
})
