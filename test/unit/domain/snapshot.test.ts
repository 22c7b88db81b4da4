import { describe, expect, it } from 'vitest'
import type { IdentifiedEvent, LedgerEvent } from '../../../src/domain/events/ledger-event.ts'
import { fold } from '../../../src/domain/evolve.ts'
import { exactly, following, nextRevision, noStream } from '../../../src/domain/expected-revision.ts'
import type { Plain } from '../../../src/domain/plain.ts'
import { foldVersion, isSnapshotDue, snapshotVersion, stateOf } from '../../../src/domain/snapshot.ts'
import * as ex from '../../arbitraries/examples.ts'

const folded = (...events: ReadonlyArray<Plain<LedgerEvent>>) =>
  fold(events.map((event, index) => ({ ...event, id: `id-${index}` }) as IdentifiedEvent))

const states = [
  ['nothing', folded()],
  ['held', folded(ex.reserved({ retentionMs: 5 }), ex.conflictRecorded(), ex.completed())],
  ['held again', folded(ex.reserved(), ex.expired('lease'), ex.reservedAgain('lease'))],
  [
    'with points and in doubt',
    folded(ex.reserved(), ex.pointReached({ data: { id: 7 } }), ex.markedInDoubt({ note: 'n' }))
  ],
  ['imported', folded(ex.imported({ outcome: ex.outcome() }))],
  ['vacant', folded(ex.reserved(), ex.expired('operator'))]
] as const

describe('a snapshot', () => {
  it('stands on revisions 63, 127, …', () => {
    let stopAt = 0n
    const due = Array.from({ length: 200 }, (_, index) => BigInt(index)).filter((revision) => {
      const isDue = isSnapshotDue(revision, stopAt)
      if (isDue) stopAt = revision
      return isDue
    })
    expect(due).toEqual([63n, 127n, 191n])
    expect(isSnapshotDue(2n ** 60n - 1n, 2n ** 60n - 2n)).toBe(true)
  })
  it('stays due until it is written, or a reader may stop at another event', () => {
    expect([64n, 65n, 126n, 127n].every((revision) => isSnapshotDue(revision, 0n))).toBe(true)
    expect([64n, 65n, 126n].some((revision) => isSnapshotDue(revision, 63n))).toBe(false)
    expect(isSnapshotDue(127n, 100n)).toBe(true)
    expect([101n, 126n].some((revision) => isSnapshotDue(revision, 100n))).toBe(false)
  })
  it.each(states)('gives the state back that was written: %s', (_, state) => {
    expect(stateOf(JSON.parse(JSON.stringify({ foldVersion, state })))).toEqual(state)
  })
  it('is passed over where it is of another fold version', () => {
    const [, state] = states[1]
    for (const version of [foldVersion + 1, 1, `${foldVersion}`, undefined]) {
      expect(stateOf({ foldVersion: version, state })).toBeUndefined()
    }
  })
  it('is of the version before, whose fold goes on from it, where it holds nothing that one leaves out', () => {
    const [, state] = states[1]
    expect(stateOf({ foldVersion: 2, state })).toEqual(state)
    expect(states.map(([name, any]) => [name, snapshotVersion(any)])).toEqual(
      states.map(([name]) => [name, name === 'with points and in doubt' ? foldVersion : 2])
    )
    expect(snapshotVersion(folded(ex.reserved(), ex.pointReached(), ex.expired('operator')))).toBe(foldVersion)
    expect(snapshotVersion(folded(ex.reserved(), ex.markedInDoubt(), ex.completed()))).toBe(2)
  })
  it.each([undefined, null, 7, 'text', [], {}, { foldVersion }, { foldVersion, state: { _tag: 'Gone' } }])(
    'is passed over where it is none: %j',
    (snapshot) => {
      expect(stateOf(snapshot)).toBeUndefined()
    }
  )
  it('is passed over where a field is missing or wrong', () => {
    const [, state] = states[1]
    const { fenced: _, ...unfenced } = JSON.parse(JSON.stringify(state))
    expect(stateOf({ foldVersion, state: unfenced })).toBeUndefined()
    expect(stateOf({ foldVersion, state: { ...unfenced, fenced: true, claimHash: 7 } })).toBeUndefined()
    expect(stateOf({ foldVersion, state: { ...unfenced, fenced: true, record: {} } })).toBeUndefined()
  })
})

describe('expected revisions', () => {
  it('follow on what there is', () => {
    expect(following('noStream')).toEqual(noStream)
    expect(following(0n)).toEqual(exactly(0n))
    expect(nextRevision(noStream)).toBe(0n)
    expect(nextRevision(exactly(0n))).toBe(1n)
    expect(nextRevision(exactly(2n ** 62n))).toBe(2n ** 62n + 1n)
  })
})
