import * as fc from 'fast-check'
import type { Command, Holder, Policy, Reserve } from '../../src/domain/commands.ts'
import type { RecordId } from '../../src/domain/identity.ts'
import type { Instant, Millis } from '../../src/domain/instant.ts'
import type { Past } from '../../src/domain/past.ts'
import { epochOf, recordOf } from '../../src/domain/state.ts'
import { arbitraryRecord } from './event.ts'
import * as ex from './examples.ts'
import { arbitraryFewOutcomes, arbitraryJson, arbitraryMillis, optional } from './key.ts'

/** A command in the making: it becomes one where it is known what the key has been through, and what time it is. */
export type Intent = (past: Past, atMs: Instant) => Command

export const arbitraryPolicy: fc.Arbitrary<Policy> = fc.record({
  reuseAfterExpiry: fc.constantFrom('allow', 'reject'),
  takeover: fc.constantFrom('allow', 'refuse'),
  clockSkewMs: fc.constantFrom(0, 0, 100).map((n) => n as Millis)
})

/** Which claim to present, by how long ago its epoch was; now and then one that was never issued. */
const arbitraryClaim = fc.record({
  back: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: -1, max: 3 }) }),
  forged: fc.oneof({ weight: 8, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) })
})

const holderOf = (past: Past, { back, forged }: { readonly back: number; readonly forged: boolean }): Holder => {
  const epoch = epochOf(past.state) - back
  return {
    epoch,
    claimHash: forged ? ex.hashOf('forged') : (past.epochs.get(epoch)?.claimHash ?? ex.hashOf('guessed'))
  }
}

type Own = { readonly back: number; readonly forged: boolean }

/** The claim of a reserve: a fresh one, or one that may stand. `decide` compares hashes, and any id will do. */
const claimed = (past: Past, own: Own | undefined, fresh: string): Pick<Reserve, 'claimId' | 'claimHash'> => {
  const claimHash = own === undefined ? ex.hashOf(fresh) : holderOf(past, own).claimHash
  return { claimId: `the id of ${claimHash}`, claimHash }
}

const lease = fc.oneof(
  fc.constant<'none'>('none'),
  fc.integer({ min: 1, max: 800 }).map((n) => n as Millis)
)
const retention = fc.oneof(
  fc.constant({}),
  arbitraryMillis.map((retentionMs) => ({ retentionMs })),
  arbitraryMillis.map((length) => ({ length }))
)
type Retention = { readonly retentionMs?: Millis; readonly length?: Millis }
const retentionAt = (
  { retentionMs, length }: Retention,
  atMs: Instant
): Pick<Reserve, 'expiresAtMs' | 'retentionMs'> => ({
  ...(retentionMs === undefined ? {} : { retentionMs }),
  ...(length === undefined ? {} : { expiresAtMs: (atMs + length) as Instant })
})

const reserve = fc
  .record({
    fields: optional(
      {
        owner: fc.constantFrom('owner-1', 'owner-2', 'owner-3'),
        requestFingerprint: fc.oneof({ weight: 3, arbitrary: fc.constant('fp-1') }, fc.constantFrom('fp-2', 'fp-3')),
        firstSeenEventId: fc.constantFrom('event-1', 'event-2')
      },
      ['owner', 'requestFingerprint']
    ),
    lease,
    retention,
    policy: arbitraryPolicy,
    own: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, arbitraryClaim),
    fresh: fc.uuid()
  })
  .map(
    (made): Intent =>
      (past, atMs) => ({
        _tag: 'Reserve',
        atMs,
        recordId: ex.recordId as RecordId,
        tenant: ex.tenant,
        operation: 'op',
        key: 'key',
        ...made.fields,
        ...retentionAt(made.retention, atMs),
        lease: made.lease,
        policy: made.policy,
        ...claimed(past, made.own, made.fresh)
      })
  )

const complete = fc.tuple(arbitraryClaim, arbitraryFewOutcomes, retention).map(
  ([which, outcome, length]): Intent =>
    (past, atMs) => ({ _tag: 'Complete', atMs, holder: holderOf(past, which), outcome, ...retentionAt(length, atMs) })
)

/** What another system's file holds under the example's key; sometimes the very record that stands. */
const imported = fc.tuple(arbitraryRecord, fc.boolean()).map(
  ([record, current]): Intent =>
    (past, atMs) => ({
      _tag: 'Import',
      atMs,
      record: (current ? recordOf(past.state) : undefined) ?? { ...record, recordId: ex.recordId as RecordId },
      source: 'file'
    })
)

const note = fc.constantFrom('stuck', 'by hand')

export const arbitraryIntent: fc.Arbitrary<Intent> = fc.oneof(
  { weight: 8, arbitrary: reserve },
  { weight: 4, arbitrary: complete },
  arbitraryFewOutcomes.map(
    (outcome): Intent =>
      (_, atMs) => ({ _tag: 'CompleteByKey', atMs, outcome })
  ),
  {
    weight: 2,
    arbitrary: arbitraryClaim.map(
      (which): Intent =>
        (past, atMs) => ({ _tag: 'Release', atMs, holder: holderOf(past, which), note: 'gave up' })
    )
  },
  {
    weight: 2,
    arbitrary: fc.tuple(arbitraryClaim, fc.integer({ min: 1, max: 800 })).map(
      ([which, length]): Intent =>
        (past, atMs) => ({ _tag: 'Renew', atMs, holder: holderOf(past, which), lease: length as Millis })
    )
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        arbitraryClaim,
        fc.constantFrom('charged', 'sent'),
        fc.oneof(fc.constantFrom(undefined, 7, null), arbitraryJson)
      )
      .map(
        ([which, name, data]): Intent =>
          (past, atMs) => ({ _tag: 'ReachRecoveryPoint', atMs, holder: holderOf(past, which), name, data })
      )
  },
  fc.tuple(arbitraryClaim, fc.constantFrom(undefined, 'timed out')).map(
    ([which, text]): Intent =>
      (past, atMs) => ({ _tag: 'MarkInDoubt', atMs, holder: holderOf(past, which), note: text })
  ),
  {
    weight: 2,
    arbitrary: arbitraryPolicy.map(
      (policy): Intent =>
        (_, atMs) => ({ _tag: 'Expire', atMs, policy })
    )
  },
  note.map(
    (text): Intent =>
      (_, atMs) => ({ _tag: 'ExpireByOperator', atMs, note: text })
  ),
  fc.tuple(arbitraryFewOutcomes, note).map(
    ([outcome, text]): Intent =>
      (_, atMs) => ({ _tag: 'CompleteByOperator', atMs, outcome, note: text })
  ),
  imported
)
