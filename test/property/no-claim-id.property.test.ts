import { inspect } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RecordedEvent } from '../../src/application/ports/event-store.ts'
import { KeyfoldError } from '../../src/index.ts'
import {
  asking,
  idOf,
  keyOf,
  type ScriptedLedger,
  scriptedLedger,
  stored,
  storedTypes
} from '../support/scripted-ledger.ts'

const claimIds = ['SECRET-1', 'SECRET-2', 'SECRET-3', '秘密🔑']

const isTold = (text: string): boolean =>
  claimIds.some((claimId) => text.includes(claimId) || text.includes(escaped(claimId)))

/** As JSON may have it too. */
const escaped = (text: string): string =>
  [...Array(text.length).keys()].map((at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')

const textsIn = ({ id, stream, type, data, metadata }: RecordedEvent): string =>
  [id, stream, type, data, metadata].join('\n')

/** What anybody may see of the key. */
const shown = async ({ ledger }: ScriptedLedger): Promise<unknown> => {
  const events: Array<unknown> = []
  await ledger.events({ onEvents: (entries) => events.push(entries) })
  return [
    await ledger.get(keyOf()),
    await ledger.list(),
    await ledger.stuck(),
    await ledger.history(keyOf()),
    await ledger.conflicts(),
    await ledger.stats(),
    await ledger.sweep({ dryRun: true }),
    events
  ]
}

const asText = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}` : value)

type Deed = { readonly kind: string; readonly epoch: number; readonly claimId: string; readonly elapsed: number }

const run = ({ ledger }: ScriptedLedger, { kind, epoch, claimId }: Deed): Promise<unknown> => {
  const claim = { recordId: idOf(), epoch, claimId }
  const outcome = { outcomeKind: `${kind}-${epoch}`, details: [epoch] }
  switch (kind) {
    case 'reserve':
      return ledger.reserve(asking({ claimId, lease: 50, retentionMs: 500 }))
    case 'conflict':
      return ledger.reserve(asking({ claimId, requestFingerprint: `other-${epoch}` }))
    case 'complete':
      return ledger.complete({ claim, outcome })
    case 'completeAll':
      return ledger.completeAll({ claims: [claim], outcome: { outcomeKind: 'all' } })
    case 'release':
      return ledger.release({ claim, note: 'gave up' })
    case 'renew':
      return ledger.renew({ claim, leaseMs: 90 })
    case 'reach':
      return ledger.reachRecoveryPoint({ claim, name: `step-${epoch}`, data: [epoch] })
    case 'mark':
      return ledger.markInDoubt({ claim, note: 'timed out' })
    case 'free':
      return ledger.expireByOperator({ ...keyOf(), actor: 'o', note: 'n' })
    default:
      return ledger.expire({ recordId: idOf() })
  }
}

const arbitraryDeed: fc.Arbitrary<Deed> = fc.record({
  kind: fc.constantFrom(
    'reserve',
    'reserve',
    'conflict',
    'complete',
    'complete',
    'completeAll',
    'release',
    'renew',
    'reach',
    'mark',
    'free',
    'expire'
  ),
  epoch: fc.integer({ min: 1, max: 3 }),
  claimId: fc.constantFrom(...claimIds),
  elapsed: fc.constantFrom(0, 0, 20, 60, 600)
})

/** Whatever chance brings, each kind of event is written once. In the end another holds the key than whoever asks then. */
const everyKind: ReadonlyArray<Deed> = [
  ...['reach', 'renew', 'conflict', 'mark', 'reserve', 'complete', 'completeAll', 'free'].map((kind) => ({
    kind,
    epoch: 1,
    claimId: 'SECRET-1',
    elapsed: 0
  })),
  { kind: 'reserve', epoch: 2, claimId: 'SECRET-2', elapsed: 0 },
  { kind: 'expire', epoch: 2, claimId: 'SECRET-2', elapsed: 0 }
]

describe('a claim id', () => {
  it('stands in nothing that is stored, shown or complained of: who reads the store cannot complete', async () => {
    const types = new Set<string>()
    let snapshots = 0
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryDeed, { minLength: 20, maxLength: 60, size: 'max' }), async (deeds) => {
        const world = scriptedLedger()
        await world.ledger.reserve(asking({ claimId: claimIds[0], lease: 50 }))
        for (const deed of deeds) {
          world.clock.now += deed.elapsed
          const failed: unknown = await run(world, deed).then(
            () => undefined,
            (cause: unknown) => cause
          )
          if (failed instanceof KeyfoldError) expect(isTold(inspect(failed, { depth: 9 }))).toBe(false)
        }
        const claimId = claimIds[deeds.length % claimIds.length]
        for (let i = 0; i < 64; i++) await world.ledger.reserve(asking({ ...(claimId && { claimId }), lease: 'none' }))
        const events = await stored(world.store)
        expect(events.filter((event) => isTold(textsIn(event)))).toEqual([])
        expect(isTold(JSON.stringify(await shown(world), asText))).toBe(false)
        for (const type of await storedTypes(world.store)) types.add(type)
        snapshots += events.filter(({ metadata }) => 'snapshot' in JSON.parse(metadata)).length
      }),
      { numRuns: 10, examples: [[[...everyKind]]] }
    )
    // the search was worth something
    expect([...types].sort()).toEqual(
      [
        'Completed',
        'CompletionRejected',
        'ConflictRecorded',
        'DuplicateSeen',
        'Expired',
        'LeaseRenewed',
        'MarkedInDoubt',
        'RecoveryPointReached',
        'Reserved'
      ].sort()
    )
    expect(snapshots).toBeGreaterThan(0)
  })
  it('is found by this search where it stands', () => {
    expect(isTold(JSON.stringify({ claimId: 'SECRET-1' }))).toBe(true)
    expect(isTold(`"${escaped('秘密🔑')}"`)).toBe(true)
  })
})
