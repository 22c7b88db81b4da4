import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../src/adapters/node/sha256.ts'
import { decodeRecorded } from '../../../src/application/stream/event-text.ts'
import { createLedger, type Ledger } from '../../../src/composition/ledger.ts'
import type { IdentifiedEvent } from '../../../src/domain/events/ledger-event.ts'
import { fold } from '../../../src/domain/evolve.ts'
import { hashOf } from '../../arbitraries/examples.ts'
import {
  asking,
  claimOf,
  done,
  failureOf,
  idOf,
  keyOf,
  type ScriptedLedger,
  scriptedLedger,
  stored,
  storedTypes
} from '../../support/scripted-ledger.ts'
import { virtualTime } from '../../support/virtual-time.ts'

/** Another process on the same store, that has seen nothing yet. */
const another = ({ store, clock }: ScriptedLedger): Ledger =>
  createLedger({ store, clock: () => clock.now, timer: virtualTime() })

const claim = (epoch: number, claimId = `claim-${epoch}`) => ({ recordId: idOf(), epoch, claimId })

/** So many reservations, one after another, each under a claim that is named for its epoch. */
const reservedTimes = async ({ ledger }: ScriptedLedger, times: number, from = 1): Promise<void> => {
  for (let epoch = from; epoch < from + times; epoch++) {
    await ledger.reserve(asking({ claimId: `claim-${epoch}`, lease: 'none' }))
    if (epoch < from + times - 1) await ledger.release({ claim: claim(epoch) })
  }
}

/** How many events were read while something was done. */
const readBy = async ({ store }: ScriptedLedger, work: () => Promise<unknown>): Promise<number> => {
  store.forget()
  await work()
  return store.reads.reduce((sum, { found }) => sum + found, 0)
}

const refused = async (work: Promise<unknown>): Promise<void> =>
  expect(await failureOf(work)).toMatchObject({ _tag: 'UnknownClaim' })

/** Every command that presents a claim. */
const presented = (ledger: Ledger, forged: ReturnType<typeof claim>) => [
  () => ledger.complete({ claim: forged, outcome: done }),
  () => ledger.release({ claim: forged }),
  () => ledger.renew({ claim: forged, leaseMs: 1000 })
]

/** As far back as the last two snapshots, and the first page. */
const flat = 8 + 2 * 64

describe('a forged claim of an earlier epoch', () => {
  it('costs no read of a long stream, whoever is asked', { timeout: 300_000 }, async () => {
    const world = scriptedLedger()
    await reservedTimes(world, 3)
    for (let i = 0; i < 5000; i++) await world.ledger.reserve(asking())
    for (const ledger of [world.ledger, another(world)]) {
      for (const epoch of [1, 2]) {
        for (const present of presented(ledger, claim(epoch, 'forged'))) {
          expect(await readBy(world, () => refused(present()))).toBeLessThanOrEqual(flat)
        }
      }
    }
    expect((await stored(world.store)).length).toBeGreaterThan(5000)
  })
  it('costs none where the stream is long with reservations', { timeout: 300_000 }, async () => {
    const world = scriptedLedger()
    await reservedTimes(world, 2500)
    for (const ledger of [world.ledger, another(world)]) {
      for (const epoch of [2499, 2498, 2400, 2372]) {
        for (const present of presented(ledger, claim(epoch, 'forged'))) {
          expect(await readBy(world, () => refused(present()))).toBeLessThanOrEqual(flat)
        }
      }
    }
    expect(await stored(world.store)).toHaveLength(4999)
  })
  it('is told from a true one, whose answer is worth the reading', async () => {
    const world = scriptedLedger()
    await reservedTimes(world, 200)
    const ledger = another(world)
    for (const epoch of [199, 150, 72, 71, 1]) {
      expect(await ledger.renew({ claim: claim(epoch), leaseMs: 5 })).toMatchObject({ _tag: 'ClaimLost' })
      expect(await ledger.release({ claim: claim(epoch) })).toMatchObject({ _tag: 'Released', record: { epoch } })
      await refused(ledger.renew({ claim: claim(epoch, `claim-${epoch + 1}`), leaseMs: 5 }))
    }
  })
  it('is told apart on a stream without any snapshot of this build', async () => {
    const world = scriptedLedger({ maxAppendBytes: 1200 })
    await reservedTimes(world, 80)
    const ledger = another(world)
    await refused(ledger.release({ claim: claim(3, 'forged') }))
    expect(await ledger.release({ claim: claim(3) })).toMatchObject({ _tag: 'Released' })
  })
})

describe('what a snapshot holds', () => {
  const events = async (world: ScriptedLedger): Promise<ReadonlyArray<IdentifiedEvent & { snapshot?: unknown }>> =>
    (await stored(world.store)).map((recorded) => {
      const decoded = decodeRecorded(sha256)(recorded)
      if (E.isLeft(decoded)) throw new Error(decoded.left.message)
      return { ...decoded.right.event, snapshot: JSON.parse(recorded.metadata).snapshot?.state }
    })

  it('is what the fold from the beginning gives, although no process has read that far', async () => {
    const world = scriptedLedger()
    let epoch = 0
    for (let i = 0; i < 330; i++) {
      // each by a process that has seen nothing
      const ledger = another(world)
      if (i % 3 === 2) await ledger.release({ claim: claim(epoch) })
      else if (i % 3 === 0) epoch = claimOf(await ledger.reserve(asking({ claimId: `claim-${epoch + 1}` }))).epoch
      else
        await ledger.complete({ claim: claim(Math.max(1, epoch - 3), 'forged'), outcome: done }).catch(() => undefined)
      if (i % 3 !== 2 && i % 7 === 0) await ledger.reserve(asking({ owner: 'somebody' }))
    }
    const all = await events(world)
    const snapped = all.flatMap(({ snapshot }, revision) => (snapshot === undefined ? [] : [revision]))
    expect(snapped.length).toBeGreaterThanOrEqual(3)
    // each in its time: never more than a few events late
    for (const [index, revision] of snapped.entries()) expect(revision).toBeLessThan(64 * (index + 1) + 8)
    for (const revision of snapped) {
      const state = fold(all.slice(0, revision + 1).map(({ snapshot: _, ...event }) => event as IdentifiedEvent))
      expect(all[revision]?.snapshot).toEqual(JSON.parse(JSON.stringify(state)))
    }
  })
  it('stays small, however many reservations and rejections there were', { timeout: 300_000 }, async () => {
    const world = scriptedLedger()
    await reservedTimes(world, 300)
    await world.ledger.complete({ claim: claim(300), outcome: done })
    for (let i = 0; i < 200; i++) {
      const outcome = { outcomeKind: 'another', details: `${i} ${'x'.repeat(5000)}` }
      expect(await world.ledger.complete({ claim: claim(300), outcome })).toMatchObject({ _tag: 'AlreadyCompleted' })
    }
    expect((await storedTypes(world.store)).filter((type) => type === 'CompletionRejected')).toHaveLength(64)
    for (let i = 0; i < 64; i++) await world.ledger.reserve(asking())
    const sizes = (await events(world)).flatMap(({ snapshot }) => (snapshot ? [JSON.stringify(snapshot).length] : []))
    expect(Math.max(...sizes)).toBeLessThan(6000)
  })
})

describe('a completion that must not count', () => {
  it('is answered the same whether or not there was room to record it', async () => {
    const world = scriptedLedger()
    const first = claimOf(await world.ledger.reserve(asking({ lease: 'none' })))
    await world.ledger.complete({ claim: first, outcome: done })
    for (let i = 0; i < 70; i++) {
      const outcome = { outcomeKind: `other-${i}` }
      const answer = await another(world).complete({ claim: first, outcome })
      expect(answer).toMatchObject({ _tag: 'AlreadyCompleted', record: { outcome: done } })
      expect(await world.ledger.completeByKey({ ...keyOf(), outcome })).toMatchObject({ record: { outcome: done } })
    }
    expect((await storedTypes(world.store)).filter((type) => type === 'CompletionRejected')).toHaveLength(64)
  })
  it('has room again in the next epoch, and is still recorded once per claim and outcome', async () => {
    const world = scriptedLedger()
    await reservedTimes(world, 1)
    await world.ledger.complete({ claim: claim(1), outcome: done })
    const late = { outcomeKind: 'late' }
    for (let i = 0; i < 63; i++) await world.ledger.complete({ claim: claim(1), outcome: { outcomeKind: `o-${i}` } })
    await world.ledger.complete({ claim: claim(1), outcome: late })
    await world.ledger.expireByOperator({ ...keyOf(), actor: 'op', note: 'n' })
    await reservedTimes(world, 1, 2)
    const before = (await stored(world.store)).length
    expect(await world.ledger.complete({ claim: claim(1), outcome: late })).toMatchObject({ _tag: 'ClaimLost' })
    expect(await stored(world.store)).toHaveLength(before)
    await world.ledger.complete({ claim: claim(1), outcome: { outcomeKind: 'later still' } })
    expect(await stored(world.store)).toHaveLength(before + 1)
    expect((await stored(world.store)).at(-1)?.data).toContain(hashOf('claim-1'))
  })
})
