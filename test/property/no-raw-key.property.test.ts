import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exactly } from '../../src/domain/expected-revision.ts'
import { failure } from '../../src/domain/failure.ts'
import { KeyfoldError, type TaskLedger } from '../../src/index.ts'
import { chained } from '../support/hash-chain.ts'
import { importable } from '../support/importable.ts'
import { asking, done, idOf, keyOf, type ScriptedLedger, scriptedLedger, streamOf } from '../support/scripted-ledger.ts'
import { lostBefore, notWritten, preceded, unreadable } from '../support/scripted-store.ts'

const marker = 'RAW-KEY-4711'
const recordId = idOf(marker)
const claim = { recordId, epoch: 1, claimId: 'claim' }
const key = keyOf(marker)

type Fields = { readonly [name: string]: unknown }

const requests: ReadonlyArray<readonly [keyof TaskLedger, Fields | ReadonlyArray<Fields>, Fields?]> = [
  ['reserve', { ...asking({ key: marker }) }],
  ['complete', { claim, outcome: done }],
  ['completeByKey', { ...key, outcome: done }],
  ['release', { claim }],
  ['renew', { claim, leaseMs: 1000 }],
  ['reachRecoveryPoint', { claim, name: 'charged', data: { id: 7 } }],
  ['markInDoubt', { claim, note: 'timed out' }],
  ['expire', { recordId }],
  ['expireByOperator', { ...key, actor: 'o', note: 'n' }],
  ['completeByOperator', { ...key, actor: 'o', note: 'n', outcome: done }],
  ['reserveAll', [{ ...asking({ key: marker }) }, { ...asking({ key: `${marker}-2` }) }]],
  ['completeAll', { claims: [claim], outcome: done }],
  ['releaseAll', { claims: [claim] }],
  ['get', key],
  ['awaitOutcome', { ...key, waitMs: 0 }],
  ['history', key],
  ['stuck', { orgId: 'org' }],
  ['importRecords', [importable(marker), importable(`${marker}-2`)], { source: 's' }]
]

/** Replaces one field, at any depth, by anything. */
const spoiled = (value: unknown, at: number, by: unknown): unknown => {
  let count = 0
  const walk = (inner: unknown): unknown => {
    if (typeof inner !== 'object' || inner === null) return inner
    const entries = Object.entries(inner).map(([name, field]) => [name, count++ === at ? by : walk(field)])
    return Array.isArray(inner) ? entries.map(([, field]) => field) : Object.fromEntries(entries)
  }
  return walk(value)
}

/** What may be wrong with the store. */
const troubles: ReadonlyArray<(world: ScriptedLedger) => unknown> = [
  () => undefined,
  ({ store }) => store.onEveryAppend(notWritten(failure('StoreFull', 'full'))),
  ({ store }) => store.onEveryAppend(lostBefore),
  ({ store, rival }) => store.onEveryAppend(preceded(() => rival.reserve(asking({ key: marker })))),
  ({ store }) => store.onEveryRead(unreadable),
  async ({ store }) => {
    const [event] = chained(streamOf(marker), [{ type: 'Paused', data: { key: marker } }])
    if (event) await store.real.append({ stream: streamOf(marker), expected: { _tag: 'NoStream' }, events: [event] })()
  },
  async ({ store }) => {
    await store.real.append({
      stream: streamOf(marker),
      expected: { _tag: 'NoStream' },
      events: chained(streamOf(marker), [{ type: 'Reserved', data: { key: marker, operation: marker } }])
    })()
    await store.real.append({ stream: streamOf(marker), expected: exactly(0n), events: [] })()
  }
]

/** All that a failure says, but for what the store or the caller's own code threw. */
const said = ({ failure: failed, message }: KeyfoldError): string =>
  JSON.stringify([message, { ...failed, cause: undefined }])

/** A run for each trouble with a request that nothing is wrong with. */
const soundly: Array<[number, unknown, (typeof troubles)[number]]> = troubles.map((trouble) => [
  Number.POSITIVE_INFINITY,
  undefined,
  trouble
])

const failures = new Set<string>()

describe('a failure', () => {
  // a test for each use case, so that none has much to do: every run makes ledgers of its own
  for (const [name, request, options] of requests) {
    it(`of ${name} never names a key by anything but its record id, whatever is wrong`, () =>
      fc.assert(
        fc.asyncProperty(
          fc.nat({ max: 25 }),
          fc.anything({ withBigInt: true, withDate: true, maxDepth: 1 }),
          fc.constantFrom(...troubles),
          async (at, by, trouble) => {
            const world = scriptedLedger({ deadlineMs: 5 })
            await trouble(world)
            const run = world.ledger[name] as (...args: ReadonlyArray<unknown>) => Promise<unknown>
            const error: unknown = await run(spoiled(request, at, by), options).then(
              () => undefined,
              (cause: unknown) => cause
            )
            if (error === undefined) return
            if (!(error instanceof KeyfoldError)) throw error
            failures.add(error.tag)
            expect(said(error)).not.toContain(marker)
          }
        ),
        // each trouble once with a request that is sound: what comes up must not be left to chance
        { numRuns: 45, examples: soundly }
      ))
  }

  it.each(['InvalidInput', 'UnknownClaim', 'StoreFull', 'AppendUnknown', 'StoreUnavailable', 'CorruptStream'])(
    'was put to the test: %s came up',
    (tag) => expect(failures).toContain(tag)
  )
})
