import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../src/adapters/node/sha256.ts'
import { fixAppend } from '../../../src/application/engine/transact/fix-append.ts'
import type { RecordedEvent } from '../../../src/application/ports/event-store.ts'
import { claimHashOf } from '../../../src/domain/claim.ts'
import { defaultPolicy, type Import, type Reserve } from '../../../src/domain/commands.ts'
import { decide } from '../../../src/domain/decide/decide.ts'
import { afterEvents, type Decision } from '../../../src/domain/decide/decision.ts'
import type { LedgerEvent } from '../../../src/domain/events/ledger-event.ts'
import type { Instant, Millis } from '../../../src/domain/instant.ts'
import { noPast } from '../../../src/domain/past.ts'
import { initialState, type State } from '../../../src/domain/state.ts'
import type { Random } from '../../../src/index.ts'
import { scriptedLedger } from '../../support/scripted-ledger.ts'
import type { ScriptedStore } from '../../support/scripted-store.ts'

// Today's code must write what the frozen fixtures hold, to the letter: a text that changes breaks nobody's stream,
// but a hash chain is over texts, and so is every copy that somebody compares.

type Fixture = Omit<RecordedEvent, 'revision'> & { readonly revision: string }

const fixture = (name: string): Fixture =>
  JSON.parse(readFileSync(new URL(`../../fixtures/stored-events/second-stream/${name}.json`, import.meta.url), 'utf8'))

const textsOf = (names: ReadonlyArray<string>): ReadonlyArray<object> =>
  names.map(fixture).map(({ id, type, data, metadata }) => ({ id, type, data, metadata }))

/** Gives the ids that the fixtures have. */
const counting = (from: number): Random => {
  let next = from
  return { uuid: () => `00000000-0000-4000-8000-${`${next++}`.padStart(12, '0')}`, fraction: () => 0 }
}

const written = async (store: ScriptedStore): Promise<ReadonlyArray<object>> => {
  const { stream } = fixture('reserved')
  const read = await store.real.readStream(stream, 'forwards', 'start', 100)()
  if (read._tag === 'Left') throw new Error(read.left.message)
  return read.right.map(({ id, type, data, metadata }) => ({ id, type, data, metadata }))
}

const start = 1700000000000
const context = { actor: 'actor-a', correlationId: 'corr-1', causationId: 'cause-1' }
const key = {
  tenant: { orgId: 'org-a', workspaceId: 'ws-1', deploymentId: 'prod', actorId: 'actor-a', source: 'explicit' },
  operation: 'webhook.provider_event',
  key: 'evt-1'
} as const
const request = { ...key, owner: 'worker-1', requestFingerprint: 'sha256:aa', lease: 60_000, nowMs: start }
const claimId = '11111111-1111-4111-8111-111111111111'
const secondClaimId = '33333333-3333-4333-8333-333333333333'
const first = { ...request, ...context, claimId, firstSeenEventId: 'event-0', expiresAtMs: start + 900_000 }
const claim = { recordId: JSON.parse(fixture('reserved').data).recordId, epoch: 1, claimId }
const outcome = {
  outcomeKind: 'processed',
  primaryRefKind: 'order',
  primaryRefId: '42',
  secondaryRefKind: 'run',
  secondaryRefId: 'ü-7',
  details: { status: 200, body: ['a', null, true, 0.5], nested: { Ω: 'ok' } }
}
const conflicting = { ...request, ...context, owner: 'worker-3', requestFingerprint: 'sha256:bb', nowMs: start + 600 }
const completion = { ...context, claim, outcome, retentionMs: 900_000, nowMs: start + 2000 }

describe('what today’s code writes is what the fixtures hold', () => {
  it('by the public ledger: a reservation from its beginning to its end', async () => {
    const { store, ledger } = scriptedLedger({ chance: counting(0) })
    await ledger.reserve(first)
    await Promise.all([
      ledger.reserve({ ...request, nowMs: start + 100, claimId: 'a' }),
      ledger.reserve({ ...request, owner: 'worker-2', nowMs: start + 300, claimId: 'b', actor: 'somebody' }),
      ledger.reserve({ ...request, nowMs: start + 500, claimId: 'c' })
    ])
    await ledger.reserve({ ...conflicting, claimId: 'd' })
    await ledger.renew({ ...context, claim, leaseMs: 60_000, nowMs: start + 1000 })
    await ledger.complete(completion)
    await ledger.complete({ ...completion, outcome: { ...outcome, outcomeKind: 'failed' }, nowMs: start + 3000 })
    await ledger.expireByOperator({ ...key, ...context, note: 'freed by hand', nowMs: start + 4000 })
    expect(await written(store)).toEqual(
      textsOf([
        'reserved',
        'duplicate-seen',
        'conflict-recorded',
        'lease-renewed',
        'completed',
        'completion-rejected',
        'expired'
      ])
    )
  })
  it('by the public ledger: the snapshot on revision 63', async () => {
    const { store, ledger } = scriptedLedger({ chance: counting(10) })
    await ledger.reserve(first)
    await ledger.reserve({ ...conflicting, claimId: 'd' })
    await ledger.complete(completion)
    for (let i = 0; i <= 60; i++) {
      await ledger.reserve({ ...request, ...context, claimId: 'e', nowMs: start + 10_000 + i })
    }
    expect((await written(store)).at(63)).toEqual(textsOf(['with-snapshot'])[0])
  })
  it('by decide and the attempt: what no ledger writes in this order, or with this context', () => {
    const { record, source, atMs } = JSON.parse(fixture('imported').data)
    const vacant: State = { ...initialState, _tag: 'Vacant', epoch: 1 }
    const importing = decide<Import>({ _tag: 'Import', atMs, record, source }, vacant, noPast)
    const reserving = decide<Reserve>(
      {
        _tag: 'Reserve',
        atMs: (start + 7000) as Instant,
        recordId: record.recordId,
        tenant: key.tenant,
        operation: key.operation,
        key: key.key,
        owner: 'worker-1',
        requestFingerprint: 'sha256:aa',
        retentionMs: 86_400_000 as Millis,
        lease: 'none',
        claimId: secondClaimId,
        claimHash: claimHashOf(sha256)(secondClaimId),
        policy: defaultPolicy
      },
      { ...vacant, epoch: 2, ended: { record, reason: 'released' } }
    )
    const released: LedgerEvent = {
      type: 'Expired',
      data: { atMs: (start + 6000) as Instant, epoch: 2, reason: 'released' }
    }
    const eventsOf = (decision: Decision<unknown>) => (decision._tag === 'Decided' ? decision.events : [])
    const planned = [...eventsOf(importing), released, ...eventsOf(reserving)].map((event) => ({
      event,
      provenance: context
    }))
    const names = ['imported', 'expired-released', 'reserved-after']
    const lastHash: string = JSON.parse(fixture('expired').metadata).hash
    const { append } = fixAppend(
      { sha256, random: counting(7), store: scriptedLedger().store },
      fixture('imported').stream,
      { state: initialState, actual: 6n, lastHash, foldStart: 0n },
      planned,
      afterEvents(
        initialState,
        planned.map(({ event }) => event)
      )
    )
    expect(append.events).toEqual(textsOf(names))
  })
})
