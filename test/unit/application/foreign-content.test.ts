import { describe, expect, it } from 'vitest'
import { chained } from '../../support/hash-chain.ts'
import { importable } from '../../support/importable.ts'
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
  streamOf
} from '../../support/scripted-ledger.ts'

const theirs = 'theirs'

/** Somebody else's events under this key's stream, with hashes as they must be: what only the content gives away. */
const stolen = async (world: ScriptedLedger): Promise<void> => {
  const events = (await stored(world.store, theirs)).map(({ type, data, metadata }) => {
    const { previousHash: _, hash: __, ...kept } = JSON.parse(metadata)
    return { type, data: JSON.parse(data), metadata: kept }
  })
  await world.store.real.append({
    stream: streamOf(),
    expected: { _tag: 'NoStream' },
    events: chained(streamOf(), events)
  })()
}

describe.each<[string, (world: ScriptedLedger) => Promise<unknown>]>([
  ['reserved', ({ ledger }) => ledger.reserve(asking({ key: theirs, owner: 'a stranger' }))],
  ['imported', ({ ledger }) => ledger.importRecords([importable(theirs)], { source: 's' })]
])('a stream that holds another record, %s', (_, begin) => {
  it.each<[string, (world: ScriptedLedger) => Promise<unknown>]>([
    ['get', ({ ledger }) => ledger.get(keyOf())],
    ['history', ({ ledger }) => ledger.history(keyOf())],
    ['list', ({ ledger }) => ledger.list()],
    ['reserve', ({ ledger }) => ledger.reserve(asking())],
    ['release', ({ ledger }) => ledger.release({ claim: { recordId: idOf(), epoch: 1, claimId: 'c' } })],
    ['importRecords', ({ ledger }) => ledger.importRecords([importable('k')], { source: 's' })]
  ])('is CorruptStream to %s: nobody gets the record of somebody else', async (_name, run) => {
    const world = scriptedLedger()
    await begin(world)
    await stolen(world)
    const failed = await failureOf(run(world))
    expect(failed._tag).toBe('CorruptStream')
    expect(failed.message).toContain('another record')
    expect(JSON.stringify(failed)).not.toContain('a stranger')
  })
})

describe('a snapshot of another record', () => {
  it('is passed over: what the events say stands', async () => {
    const world = scriptedLedger()
    await world.ledger.reserve(asking({ lease: 'none' }))
    const claim = claimOf(await world.ledger.reserve(asking({ key: theirs, owner: 'a stranger' })))
    await world.ledger.complete({ claim, outcome: done })
    for (let i = 0; i < 62; i++) await world.ledger.reserve(asking({ key: theirs }))
    const { snapshot } = JSON.parse((await stored(world.store, theirs)).at(63)?.metadata ?? '{}')
    expect(snapshot).toMatchObject({ foldVersion: 2, state: { record: { owner: 'a stranger' } } })
    const [first] = await stored(world.store)
    const data = { atMs: 5, firstAtMs: 5, count: 1, owners: ['o'] }
    const events = chained(streamOf(), [{ type: 'DuplicateSeen', data, metadata: { snapshot } }], first)
    await world.store.real.append({ stream: streamOf(), expected: { _tag: 'Exactly', revision: 0n }, events })()
    expect(await world.rival.get(keyOf())).toMatchObject({ owner: 'me', duplicateCount: 1, recordId: idOf() })
  })
})
