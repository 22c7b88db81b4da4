import { beforeEach, describe, expect, it } from 'vitest'
import type { RecordedEvent } from '../../../src/application/ports/event-store.ts'
import type { Claim } from '../../../src/domain/claim.ts'
import { hashFaults } from '../../support/hash-chain.ts'
import {
  asking,
  claimOf,
  done,
  failureOf,
  keyOf,
  type ScriptedLedger,
  scriptedLedger,
  stored,
  streamOf
} from '../../support/scripted-ledger.ts'

const operator = { ...keyOf(), actor: 'op', note: 'ünïcode 鍵' }

/** One event of nearly every type, by several callers. */
const lived = async (world: ScriptedLedger): Promise<Claim> => {
  const { ledger, rival, clock } = world
  const claim = claimOf(await ledger.reserve(asking({ actor: 'a', correlationId: 'c', causationId: 'd' })))
  await rival.reserve(asking({ owner: 'ключ' }))
  await ledger.reserve(asking({ requestFingerprint: 'other' }))
  await ledger.renew({ claim, leaseMs: 2000 })
  clock.now += 10_000
  await rival.reserve(asking())
  await ledger.complete({ claim, outcome: { outcomeKind: 'late', details: { '\u2028': '\u0000"\\' } } })
  await ledger.expireByOperator(operator)
  const second = claimOf(await ledger.reserve(asking()))
  await rival.complete({ claim: second, outcome: done })
  return second
}

describe('the hash chain', () => {
  it('is what SPEC section 3 says, over every event of every kind', async () => {
    const world = scriptedLedger()
    await lived(world)
    const events = await stored(world.store)
    expect(new Set(events.map(({ type }) => type)).size).toBe(7)
    expect(hashFaults(streamOf(), events)).toEqual([])
  })
  it('goes through batches and snapshots', async () => {
    const { ledger, store } = scriptedLedger()
    for (let i = 0; i < 30; i++) {
      const requests = [asking(), asking({ requestFingerprint: `other-${i}` }), asking()]
      await Promise.all(requests.map(ledger.reserve))
    }
    const events = await stored(store)
    expect(events.length).toBeGreaterThan(64)
    expect(events.filter(({ metadata }) => 'snapshot' in JSON.parse(metadata))).toHaveLength(1)
    expect(hashFaults(streamOf(), events)).toEqual([])
  })
  it('is told apart from one that is not: the check itself can fail', async () => {
    const world = scriptedLedger()
    await lived(world)
    const events = await stored(world.store)
    const swapped = events.map((event, index) => (index === 2 ? { ...event, type: 'Completed' } : event))
    expect(hashFaults(streamOf(), swapped)).toHaveLength(1)
    expect(hashFaults(streamOf('another'), events)).not.toEqual([])
  })
})

type Events = ReadonlyArray<RecordedEvent>

/** The stream as somebody left it who changed it behind keyfold's back; the revisions stay those of the places. */
const tampered = (world: ScriptedLedger, change: (events: Events) => ReadonlyArray<RecordedEvent | undefined>): void =>
  world.store.onEveryRead(async () => {
    const { direction, from, count } = world.store.asked()
    const events = change(await stored(world.store)).flatMap((event, index) =>
      event === undefined ? [] : [{ ...event, revision: BigInt(index) }]
    )
    const within = events.filter(({ revision }) =>
      typeof from === 'string' ? true : direction === 'forwards' ? revision >= from : revision <= from
    )
    return { _tag: 'Right', right: (direction === 'forwards' ? within : within.toReversed()).slice(0, count) }
  })

const changing =
  (at: number, change: (event: RecordedEvent) => Partial<RecordedEvent>) =>
  (events: Events): Events =>
    events.map((event, index) => (index === at ? { ...event, ...change(event) } : event))

const withMetadata = (at: number, change: object) =>
  changing(at, ({ metadata }) => ({ metadata: JSON.stringify({ ...JSON.parse(metadata), ...change }) }))

const last = 9

const swapped = (events: Events): Events => {
  const [a, b] = events.slice(-2)
  return a && b ? [...events.slice(0, -2), b, a] : events
}

describe.each<[string, number, (events: Events) => ReadonlyArray<RecordedEvent | undefined>]>([
  ['its data changed', last, changing(last, ({ data }) => ({ data: data.replace('done', 'dune') }))],
  ['its data written otherwise', last, changing(last, ({ data }) => ({ data: data.replace('{', '{ ') }))],
  ['another actor', last, withMetadata(last, { actor: 'another' })],
  ['another schema version', last, withMetadata(last, { schemaVersion: 1 })],
  ['another previous hash', last, withMetadata(last, { previousHash: '0'.repeat(64) })],
  ['another hash', last, withMetadata(last, { hash: '0'.repeat(64) })],
  ['another id', last, changing(last, () => ({ id: crypto.randomUUID() }))],
  ['another type', last, changing(last, () => ({ type: 'Imported' }))],
  ['no JSON for metadata', last, changing(last, () => ({ metadata: '{' }))],
  ['foreign metadata', last, changing(last, () => ({ metadata: '{"$by":"somebody"}' }))],
  ['no metadata', last, changing(last, () => ({ metadata: 'null' }))],
  ['its place taken by the one before', last, swapped],
  ['the one before it dropped', last - 1, (events) => events.filter((_, index) => index !== last - 1)]
])('an event with %s', (_, revision, change) => {
  let world: ScriptedLedger
  let claim: Claim
  beforeEach(async () => {
    world = scriptedLedger()
    claim = await lived(world)
    expect(await stored(world.store)).toHaveLength(last + 1)
    tampered(world, change)
  })

  it.each<[string, () => Promise<unknown>]>([
    ['get', () => world.ledger.get(keyOf())],
    ['history', () => world.ledger.history(keyOf())],
    ['a command', () => world.ledger.release({ claim })],
    ['a command that needs the past', () => world.ledger.release({ claim: { ...claim, epoch: 1 } })]
  ])('is CorruptStream in %s, which names the stream and the revision, and writes nothing', async (_name, run) => {
    world.store.forget()
    const failed = await failureOf(run())
    expect(failed._tag).toBe('CorruptStream')
    // read forwards, the first of two that are swapped stands out
    const place = change === swapped && failed.message.includes('revision 8') ? 8 : revision
    expect(failed.message).toContain(`${streamOf()} at revision ${place}: `)
    expect(await stored(world.store)).toHaveLength(last + 1)
  })
})
