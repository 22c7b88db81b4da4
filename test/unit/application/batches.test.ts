import { describe, expect, it } from 'vitest'
import type { Append } from '../../../src/application/ports/event-store.ts'
import type { ReserveRequest } from '../../../src/application/requests/requests.ts'
import type { IdempotencyRecord } from '../../../src/domain/record.ts'
import { asking, claimOf, done, keyOf, scriptedLedger, stored, storedTypes } from '../../support/scripted-ledger.ts'
import { preceded } from '../../support/scripted-store.ts'

const held = async (limit: { readonly maxAppendBytes?: number } = {}) => {
  const world = scriptedLedger(limit)
  const claim = claimOf(await world.ledger.reserve(asking({ lease: 3_600_000 })))
  world.store.forget()
  return { ...world, claim }
}

const recordIn = (answer: { readonly record?: IdempotencyRecord } | object): IdempotencyRecord =>
  'record' in answer && answer.record !== undefined ? answer.record : expect.unreachable()

const dataOf = ({ events }: Append): ReadonlyArray<unknown> => events.map(({ type, data }) => [type, JSON.parse(data)])

const bytesOf = ({ events }: Append): number =>
  events.reduce((sum, { data, metadata }) => sum + Buffer.byteLength(data) + Buffer.byteLength(metadata), 0)

describe('a storm of duplicates on one key', () => {
  it('costs one append a batch, and one event in it', async () => {
    const { store, ledger } = await held()
    const storm = Array.from({ length: 2000 }, (_, index) =>
      ledger.reserve(asking({ owner: `owner-${index % 40}`, nowMs: 3000 - index }))
    )
    const answers = await Promise.all(storm)
    expect(answers.every(({ _tag }) => _tag === 'Duplicate')).toBe(true)
    expect(store.appends.length).toBeLessThanOrEqual(5)
    expect(store.reads).toEqual([])
    const counts = (await stored(store)).slice(1).map(({ data }) => JSON.parse(data).count)
    expect(Math.max(...counts)).toBeLessThanOrEqual(512)
    const [first] = store.appends.map(dataOf)
    // the last in the order of decision, not the latest; and sixteen owners stand for all
    const owners = Array.from({ length: 16 }, (_, index) => `owner-${index}`)
    const [count] = counts
    expect(first).toEqual([['DuplicateSeen', { atMs: 3000 - (count - 1), firstAtMs: 3000, count, owners }]])
    expect(await ledger.get(keyOf())).toMatchObject({ duplicateCount: 2000, lastSeenAtMs: 1001 })
  })
  it('answers each with the fold at its own point', async () => {
    const { ledger } = await held()
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => ledger.reserve(asking({ nowMs: 1100 + index })))
    )
    expect(answers.map((answer) => recordIn(answer).duplicateCount)).toEqual(answers.map((_, index) => index + 1))
    expect(answers.map((answer) => recordIn(answer).lastSeenAtMs)).toEqual(answers.map((_, index) => 1100 + index))
  })
  it('on a key that nobody holds has one winner, and is one append', async () => {
    const { store, ledger } = scriptedLedger()
    const answers = await Promise.all(Array.from({ length: 100 }, () => ledger.reserve(asking())))
    expect(answers.map(({ _tag }) => _tag)).toEqual(['Reserved', ...Array.from({ length: 99 }, () => 'Duplicate')])
    expect(store.appends).toHaveLength(1)
    expect(await storedTypes(store)).toEqual(['Reserved', 'DuplicateSeen'])
  })
})

describe('neighbours in a batch', () => {
  const other = (fingerprint: string): ReserveRequest => asking({ requestFingerprint: fingerprint })

  it.each<[string, ReadonlyArray<ReserveRequest>, ReadonlyArray<readonly [string, number]>]>([
    [
      'conflicts of one fingerprint merge, of two do not',
      [other('a'), other('a'), other('b'), other('b'), other('b'), other('a')],
      [
        ['ConflictRecorded a', 2],
        ['ConflictRecorded b', 3],
        ['ConflictRecorded a', 1]
      ]
    ],
    [
      'duplicates do not merge across a conflict, nor conflicts across a duplicate',
      [asking(), asking(), other('a'), asking(), other('a')],
      [
        ['DuplicateSeen', 2],
        ['ConflictRecorded a', 1],
        ['DuplicateSeen', 1],
        ['ConflictRecorded a', 1]
      ]
    ]
  ])('%s', async (_, requests, events) => {
    const { store, ledger } = await held()
    await Promise.all(requests.map(ledger.reserve))
    expect(store.appends).toHaveLength(1)
    const written = (await stored(store)).slice(1).map(({ type, data }) => {
      const { count, requestFingerprint } = JSON.parse(data)
      return [[type, requestFingerprint].filter(Boolean).join(' '), count]
    })
    expect(written).toEqual(events)
  })
  it('never merge across another event', async () => {
    const { store, ledger, claim } = await held()
    const answers = await Promise.all([
      ledger.reserve(asking()),
      ledger.renew({ claim, leaseMs: 7_200_000 }),
      ledger.reserve(asking()),
      ledger.complete({ claim, outcome: done }),
      ledger.reserve(asking()),
      ledger.reserve(asking())
    ])
    expect(store.appends).toHaveLength(1)
    expect(await storedTypes(store)).toEqual([
      'Reserved',
      'DuplicateSeen',
      'LeaseRenewed',
      'DuplicateSeen',
      'Completed',
      'DuplicateSeen'
    ])
    expect(answers.map((answer) => recordIn(answer).duplicateCount)).toEqual([1, 1, 2, 2, 3, 4])
    expect(answers.map((answer) => recordIn(answer).outcome?.outcomeKind)).toEqual([
      undefined,
      undefined,
      undefined,
      'done',
      'done',
      'done'
    ])
  })
  it('keep the context that all of them share, and none where they differ', async () => {
    const { store, ledger } = await held()
    const from = (correlationId: string) => asking({ actor: 'a', correlationId })
    await Promise.all([from('c'), from('c')].map(ledger.reserve))
    await Promise.all([from('c'), from('d')].map(ledger.reserve))
    const contexts = (await stored(store)).map(({ metadata }) => {
      const { actor, correlationId } = JSON.parse(metadata)
      return { actor, correlationId }
    })
    expect(contexts.slice(1)).toEqual([{ actor: 'a', correlationId: 'c' }, {}])
  })
})

describe('a batch', () => {
  const mebibyte = 1024 * 1024

  it('carries so many commands at most that its append stays small: outcomes of 300 KiB', async () => {
    const { store, ledger } = await held()
    const outcome = { outcomeKind: 'big', details: 'x'.repeat(300 * 1024) }
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        ledger.completeByKey({ ...keyOf(), outcome: { ...outcome, primaryRefId: `${index}` } })
      )
    )
    expect(answers.map((answer) => recordIn(answer).outcome?.primaryRefId)).toEqual(['0', '1', '2', '3', '4', '5'])
    for (const append of store.appends) expect(bytesOf(append)).toBeLessThan(mebibyte / 2)
  })
  it.each([
    ['plain', 'x'],
    ['control characters, six bytes each as JSON', '\u0001'],
    ['characters of three bytes', '鍵']
  ])('carries so many commands at most that its append stays small: long fields of %s', async (_, character) => {
    const { store, ledger } = await held({ maxAppendBytes: mebibyte })
    const long = (index: number): string =>
      `${index}`.padEnd(Math.floor(4096 / Buffer.byteLength(character)), character)
    await Promise.all(
      Array.from({ length: 64 }, (_unused, index) =>
        ledger.reserve(
          asking({
            requestFingerprint: long(index),
            owner: long(index),
            actor: long(index),
            correlationId: long(index),
            causationId: long(index)
          })
        )
      )
    )
    expect(await ledger.get(keyOf())).toMatchObject({ conflictCount: 64 })
    for (const append of store.appends) expect(bytesOf(append)).toBeLessThan(mebibyte)
  })
  it('carries 512 commands at most, however small', async () => {
    const { store, ledger, claim } = await held()
    // nothing to write: each batch is one read
    await Promise.all(Array.from({ length: 1100 }, () => ledger.renew({ claim, leaseMs: 1 })))
    expect(store.reads).toHaveLength(3)
  })
  it('fits what the store takes, where that is less', async () => {
    const maxAppendBytes = 20_000
    const { store, ledger } = await held({ maxAppendBytes })
    await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        ledger.reserve(asking({ requestFingerprint: `${index}`.padEnd(1000, '.') }))
      )
    )
    expect(await ledger.get(keyOf())).toMatchObject({ conflictCount: 100 })
    for (const append of store.appends) expect(bytesOf(append)).toBeLessThan(maxAppendBytes)
  })
  it('of a large command and small ones does not fail for its size', async () => {
    const { store, ledger, claim } = await held()
    const details = 'x'.repeat(512 * 1024 - 100)
    await Promise.all([
      ...Array.from({ length: 20 }, () => ledger.reserve(asking())),
      ledger.complete({ claim, outcome: { outcomeKind: 'o', details } }),
      ...Array.from({ length: 20 }, () => ledger.reserve(asking()))
    ])
    for (const append of store.appends) expect(bytesOf(append)).toBeLessThan(600 * 1024)
    expect(await storedTypes(store)).toEqual(['Reserved', 'DuplicateSeen', 'Completed', 'DuplicateSeen'])
  })
  it('is decided anew after a conflict, with new ids, in its order', async () => {
    const { store, ledger, rival } = await held()
    store.onAppend(preceded(() => rival.reserve(asking({ owner: 'rival' }))))
    const answers = await Promise.all([
      ledger.reserve(asking()),
      ledger.reserve(asking({ requestFingerprint: 'other' })),
      ledger.completeByKey({ ...keyOf(), outcome: done })
    ])
    expect(answers.map((answer) => recordIn(answer).duplicateCount)).toEqual([2, 2, 2])
    expect(await storedTypes(store)).toEqual([
      'Reserved',
      'DuplicateSeen',
      'DuplicateSeen',
      'ConflictRecorded',
      'Completed'
    ])
    const [before, after] = store.appends.map(({ events }) => events.map(({ id }) => id))
    expect(before?.filter((id) => after?.includes(id))).toEqual([])
  })
})
