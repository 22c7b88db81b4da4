import { describe, expect, it } from 'vitest'
import type { RunInput } from '../../src/projections.ts'
import { eventually } from '../support/eventually.ts'
import { keys, reserveKeys, world } from './set-up.ts'
import { countsOfKeys } from './three-projections.ts'

const name = countsOfKeys.name
const by = { recordId: 'idem_1', actor: 'ann', reason: 'why' }
const thrower = {
  get name(): string {
    throw new Error('no name for you')
  }
}

/** Projections, called with what no compiler would let through. */
const loosely = async () => {
  const { projections, ...rest } = await world()
  await reserveKeys(rest.ledger, ...keys(2))
  await projections.rebuild(countsOfKeys)
  // every member takes anything here: it is what they make of it that is asked
  return { ...rest, projections: projections as never as Loose }
}

type Call = (...args: ReadonlyArray<unknown>) => Promise<unknown>
type Loose = {
  readonly [method in 'rebuild' | 'verify' | 'health' | 'waitUntil' | 'parked' | 'retry' | 'skip']: Call
} & {
  readonly run: (...args: ReadonlyArray<unknown>) => { readonly ended: Call; readonly stop: Call }
  readonly view: (projection: unknown) => { readonly [method in 'get' | 'page' | 'walk' | 'checkpoints']: Call }
  readonly queries: (projection: unknown) => unknown
}

/** Whatever takes a projection. */
const takers: ReadonlyArray<[method: string, call: (made: Loose, projection: unknown) => Promise<unknown>]> = [
  ['run', (made, projection) => made.run(projection).ended()],
  ['rebuild', (made, projection) => made.rebuild(projection)],
  ['verify', (made, projection) => made.verify(projection)],
  ['retry', (made, projection) => made.retry(projection, by)],
  ['skip', (made, projection) => made.skip(projection, by)],
  ['view.get', (made, projection) => made.view(projection).get('a')],
  ['view.page', (made, projection) => made.view(projection).page()],
  ['view.walk', (made, projection) => made.view(projection).walk(() => true)],
  ['view.checkpoints', (made, projection) => made.view(projection).checkpoints()]
]

const { evolve, columns, ...still } = countsOfKeys

describe.each(takers)('what is no projection, given to %s,', (_, call) => {
  it.each([
    [undefined, '$'],
    ['counts_of_keys', '$'],
    [thrower, '$'],
    [{ ...countsOfKeys, name: 'Counts' }, '$.name'],
    [{ ...countsOfKeys, evolve: undefined }, '$.evolve'],
    [{ ...still, columns, evolv: evolve }, '$.evolv'],
    [{ ...still, evolve, colums: columns }, '$.colums']
  ])('is InvalidInput by its path: %#', async (projection, path) => {
    const { projections } = await loosely()
    await expect(call(projections, projection)).rejects.toMatchObject({ tag: 'InvalidInput', failure: { path } })
  })
})

describe('what else makes no sense', () => {
  it.each<[string, string, (made: Loose) => Promise<unknown>]>([
    ['a name of nothing', '$.name', (made) => made.health(undefined)],
    ['a name that is none', '$.name', (made) => made.parked({})],
    ['a name that is none, to wait for', '$.name', (made) => made.waitUntil(null, 'end')],
    ['a position that is none', '$.position', (made) => made.waitUntil(name, 7n)],
    ['a time that is none', '$.withinMs', (made) => made.waitUntil(name, 'end', { withinMs: '1s' })],
    ['a misspelt time', '$.within', (made) => made.waitUntil(name, 'end', { within: 1 })],
    ['no options', '$', (made) => made.waitUntil(name, 'end', null)],
    [
      'a signal that cannot be heard',
      '$.signal',
      (made) => made.waitUntil(name, 'end', { signal: { aborted: false } })
    ],
    ['the same, of a run', '$.signal', (made) => made.run(countsOfKeys, { signal: { aborted: false } }).ended()],
    ['an option of a rebuild, to run', '$.poison', (made) => made.run(countsOfKeys, { poison: 'fail' }).ended()],
    ['an option of a run, to rebuild', '$.lingerMs', (made) => made.rebuild(countsOfKeys, { lingerMs: 1 })],
    ['an option that is not known', '$.progress', (made) => made.verify(countsOfKeys, { progress: () => {} })],
    ['nobody who decides', '$', (made) => made.retry(countsOfKeys, undefined)],
    ['a misspelt reason', '$.note', (made) => made.skip(countsOfKeys, { ...by, note: 'why' })],
    ['a row that is none', '$.row', (made) => made.view(countsOfKeys).get(7)],
    ['a page of none', '$.limit', (made) => made.view(countsOfKeys).page({ limit: 0 })],
    ['a misspelt page', '$.from', (made) => made.view(countsOfKeys).page({ from: 'a' })],
    ['nobody who takes rows', '$.take', (made) => made.view(countsOfKeys).walk(undefined)],
    ['what cannot be asked', '$.queries', async (made) => made.queries(countsOfKeys)]
  ])('%s is InvalidInput by its path', async (_, path, call) => {
    const { projections } = await loosely()
    await expect(call(projections)).rejects.toMatchObject({ tag: 'InvalidInput', failure: { path } })
  })

  const long = 'x'.repeat(100_000)
  it.each<[string, string, (made: Loose) => Promise<unknown>]>([
    ['a reason', '$.reason', (made) => made.skip(countsOfKeys, { ...by, reason: long })],
    ['a record id', '$.recordId', (made) => made.retry(countsOfKeys, { ...by, recordId: long })],
    ['the name of a view', '$.name', (made) => made.parked(long)],
    ['a position', '$.position', (made) => made.waitUntil(name, long)]
  ])('%s longer than any field is LimitExceeded, and not repeated', async (_, path, call) => {
    const { projections } = await loosely()
    const refused = expect(call(projections)).rejects
    await refused.toMatchObject({ tag: 'LimitExceeded', failure: { path } })
    await refused.toSatisfy(({ message }: Error) => message.length < 200)
  })
})

/** Members of which each can be read once. */
const readOnce = (members: object): unknown => {
  const read = new Set<PropertyKey>()
  return new Proxy(members, {
    get: (target, member) => {
      if (read.has(member)) throw new Error('read again')
      read.add(member)
      return Reflect.get(target, member)
    }
  })
}

describe('what can be read once', () => {
  it.each<[string, object, (made: Loose, options: unknown) => Promise<unknown>]>([
    ['run', { batchSize: 7, partitions: 1 }, (made, given) => made.run(countsOfKeys, given).stop()],
    ['rebuild', { batchSize: 7 }, (made, given) => made.rebuild(countsOfKeys, given)],
    ['verify', { signal: undefined }, (made, given) => made.verify(countsOfKeys, given)],
    ['waitUntil', { withinMs: 7 }, (made, given) => made.waitUntil(name, 'end', given)],
    ['view.page', { limit: 7 }, (made, given) => made.view(countsOfKeys).page(given)]
  ])('is used as it was judged: %s', async (_, members, call) => {
    const { projections } = await loosely()
    await call(projections, readOnce(members))
  })
})

describe('a signal of another realm', () => {
  it('ends a run, and is not listened to afterwards', async () => {
    const { projections } = await world()
    const heard = new Set<() => void>()
    const signal = {
      aborted: false,
      addEventListener: (_: string, listener: () => void) => heard.add(listener),
      removeEventListener: (_: string, listener: () => void) => heard.delete(listener)
    }
    const runner = projections.run(countsOfKeys, { signal } as never as RunInput)
    await eventually(async () => expect(await projections.health(name)).toBeDefined())
    for (const listener of heard) listener()
    await runner.ended()
    expect(heard.size).toBe(0)
  })
})
