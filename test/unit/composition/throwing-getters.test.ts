import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/adapters/memory/event-store.ts'
import { memoryViews } from '../../../src/adapters/memory/view-store.ts'
import { jsonFingerprint } from '../../../src/composition/hashing.ts'
import { instrumentStore } from '../../../src/composition/instrumented.ts'
import { createLedger } from '../../../src/composition/ledger.ts'
import { createProjections } from '../../../src/composition/projections.ts'
import { asking } from '../../support/scripted-ledger.ts'

const store = memoryStore()
const boom = new RangeError('boom')

const thrower = (): never => {
  throw boom
}

/** Something that has a member whose reading throws, the first time or only later on. */
const withGetter = (name: string, good: object, calm = 0): never => {
  let left = calm
  const get = () => (left-- > 0 ? undefined : thrower())
  return Object.defineProperty({ ...good }, name, { enumerable: true, get }) as never
}

const trap = new Proxy({}, { get: thrower, ownKeys: thrower, getPrototypeOf: thrower }) as never

const thrownBy = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (cause) {
    return cause
  }
}

const refusal = (path: string) => ({ name: 'KeyfoldError', tag: 'InvalidInput', failure: { path }, cause: boom })

describe('what throws when it is read is InvalidInput, by its path', () => {
  const views = memoryViews()
  it.each([
    'store',
    'clock',
    'category',
    'identity',
    'policy',
    'limits',
    'recording',
    'coalesceMs',
    'deadlineMs',
    'chance',
    'timer'
  ])('among the options of a ledger: %s', (name) => {
    expect(thrownBy(() => createLedger(withGetter(name, { store })))).toMatchObject(refusal(`$.${name}`))
  })
  it('among the options of a ledger where it throws later, or is all of them', () => {
    expect(thrownBy(() => createLedger(withGetter('deadlineMs', { store }, 1)))).toMatchObject(refusal('$'))
    expect(thrownBy(() => createLedger(trap))).toMatchObject(refusal('$'))
  })
  it.each(['views', 'leaseMs', 'owner'])('among the options of projections: %s', (name) => {
    const good = { store, views }
    expect(thrownBy(() => createProjections(withGetter(name, good)))).toMatchObject(refusal(`$.${name}`))
    if (name === 'views') return
    expect(thrownBy(() => createProjections(withGetter(name, good, 1)))).toMatchObject(refusal('$'))
  })
  it('among what a subscription, a telemetry and a fingerprint are given', () => {
    const ledger = createLedger({ store })
    expect(() => ledger.subscribe(trap)[Symbol.asyncIterator]()).not.toThrow(RangeError)
    expect(thrownBy(() => instrumentStore(trap))).toMatchObject(refusal('$'))
    expect(thrownBy(() => jsonFingerprint(trap))).toMatchObject(refusal('$'))
  })
  it('with a signal that nobody can listen to, before anything is written', async () => {
    const ledger = createLedger({ store })
    const signal = Object.assign(new AbortController().signal, { addEventListener: thrower })
    await expect(ledger.reserve({ ...asking({}), signal })).rejects.toMatchObject(refusal('$.signal'))
    await expect(ledger.events({ onEvents: () => {}, signal })).rejects.toMatchObject(refusal('$.signal'))
    expect(await ledger.history(asking({}))).toEqual([])
  })
})
