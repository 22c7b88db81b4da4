import { EventStoreDBClient } from '@eventstore/db-client'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createLedger } from '../../../src/index.ts'
import { standIn, storeOn } from '../../support/eventstoredb.ts'
import { asking, claimOf, done, failureOf, granted, keyOf, streamOf } from '../../support/scripted-ledger.ts'

const operator = { ...keyOf(), actor: 'op', note: 'asked to be forgotten' }

/** Three ledgers with stores of their own on one server, as of three processes; the first two have the ended key's fold. */
const removed = async () => {
  const server = await standIn()
  const ledgers = await Promise.all([1, 2, 3].map(async () => createLedger({ store: await storeOn(server.url) })))
  const [first, second, third] = ledgers
  if (first === undefined || second === undefined || third === undefined) return expect.unreachable()
  const claim = claimOf(await first.reserve(asking({ lease: 60_000 })))
  await first.complete({ claim, outcome: done })
  await second.reserve(asking())
  await second.expireByOperator(operator)
  // an answer that rests on a read leaves the fold at hand
  await first.expireByOperator(operator)
  const client = EventStoreDBClient.connectionString(server.url)
  onTestFinished(() => client.dispose())
  await client.deleteStream(streamOf())
  return { first, second, third, old: claim }
}

describe('a key that was removed as the documents say', () => {
  it.each(['first', 'second', 'third'] as const)(
    'is granted once, whoever reserves it: the %s process',
    async (who) => {
      const world = await removed()
      const claim = claimOf(await world[who].reserve(asking({ owner: who, lease: 60_000 })))
      for (const ledger of [world.first, world.second, world.third]) {
        expect(await ledger.get(keyOf())).toMatchObject({ owner: who })
        expect(await ledger.reserve(asking())).toMatchObject({ _tag: 'Duplicate', record: { owner: who } })
        expect((await ledger.list()).map(({ owner }) => owner)).toEqual([who])
        expect((await ledger.history(keyOf()))[0]).toMatchObject({ type: 'Reserved', data: { owner: who } })
      }
      expect(await world.third.complete({ claim, outcome: done })).toMatchObject({ _tag: 'Completed' })
      expect(await world.first.reserve(asking())).toMatchObject({ _tag: 'Duplicate', record: { outcome: done } })
    }
  )
  it('is granted once where all of them ask at the same time', async () => {
    for (let round = 0; round < 5; round++) {
      const { first, second, third } = await removed()
      const answers = await Promise.all(
        [first, second, third].map((ledger, index) => ledger.reserve(asking({ owner: `${index}`, lease: 60_000 })))
      )
      expect(answers.filter(({ _tag }) => _tag === 'Reserved')).toHaveLength(1)
      const holder = granted(answers.find(({ _tag }) => _tag === 'Reserved') ?? expect.unreachable()).record.owner
      for (const ledger of [first, second, third]) expect(await ledger.get(keyOf())).toMatchObject({ owner: holder })
    }
  })
  it.each<readonly [string, (world: Awaited<ReturnType<typeof removed>>) => Promise<unknown>]>([
    [
      'a late completion',
      ({ first, old }) => failureOf(first.complete({ claim: old, outcome: { outcomeKind: 'late' } }))
    ],
    ['an unfenced completion', ({ first }) => first.completeByKey({ ...keyOf(), outcome: { outcomeKind: 'late' } })]
  ])('is not spoilt by %s in a process that has its fold', async (_, late) => {
    const world = await removed()
    await late(world)
    expect(await world.third.get(keyOf())).toBeUndefined()
    const answer = granted(await world.first.reserve(asking({ owner: 'the next' })))
    expect(answer).toMatchObject({ takeover: false, record: { epoch: 1 } })
    // nothing of who was erased comes back
    expect(answer.previous).toBeUndefined()
    expect(await world.third.get(keyOf())).toMatchObject({ owner: 'the next' })
  })
  it('counts as never seen, and so does what was granted on it', async () => {
    const { third, first, old } = await removed()
    expect(await third.get(keyOf())).toBeUndefined()
    expect(await third.list()).toEqual([])
    await third.reserve(asking({ lease: 60_000 }))
    expect(await failureOf(first.complete({ claim: old, outcome: done }))).toMatchObject({ _tag: 'UnknownClaim' })
  })
})
