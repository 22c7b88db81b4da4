import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Claim } from '../../src/domain/claim.ts'
import { epochOf, recordOf } from '../../src/domain/state.ts'
import { arbitraryHistory, arbitraryPlayed, type Step } from '../arbitraries/history.ts'

const numRuns = 60

const grantedBy = ({ decision }: Step): Claim | undefined =>
  decision._tag === 'Decided' && decision.answer._tag === 'Reserved' ? decision.answer.claim : undefined

const hashHeldBy = ({ command }: Step): string | undefined =>
  command._tag === 'Reserve' ? command.claimHash : undefined

describe('fencing', () => {
  it('epochs begin at 1 and rise by 1 with every record that starts', () => {
    fc.assert(
      fc.property(arbitraryHistory, (events) => {
        const epochs = events.flatMap(({ type, data }) =>
          type === 'Reserved' || type === 'Imported' ? [data.epoch] : []
        )
        expect(epochs).toEqual(epochs.map((_, index) => index + 1))
      }),
      { numRuns }
    )
  })
  it('one epoch has one claim at most, whoever asks for it and how often', () => {
    fc.assert(
      fc.property(arbitraryPlayed, ({ steps }) => {
        const claims = new Map<number, string>()
        for (const { epoch, claimId } of steps.flatMap((made) => grantedBy(made) ?? [])) {
          expect(claims.get(epoch) ?? claimId).toBe(claimId)
          claims.set(epoch, claimId)
        }
      }),
      { numRuns }
    )
  })
  it('a claim is granted while it is the current one, and by nothing else', () => {
    fc.assert(
      fc.property(arbitraryPlayed, ({ steps }) => {
        for (const made of steps) {
          const claim = grantedBy(made)
          const { state } = made.after
          if (claim === undefined) continue
          expect(state).toMatchObject({ _tag: 'Held', claimHash: hashHeldBy(made), record: { epoch: claim.epoch } })
          if (state._tag === 'Held') expect(state.record.outcome).toBeUndefined()
        }
      }),
      { numRuns }
    )
  })
  it('nobody else’s command changes what a claim was granted on, until it is over by time, release or operator', () => {
    fc.assert(
      fc.property(arbitraryPlayed, ({ steps }) => {
        for (const { before, after, command, written } of steps) {
          const ends = written.some(({ type }) => type === 'Expired')
          expect(epochOf(after.state) - epochOf(before.state)).toBeLessThanOrEqual(1)
          if (ends || before.state._tag === 'Vacant') continue
          expect(after.state).toMatchObject({ _tag: 'Held', record: { epoch: before.state.record.epoch } })
          expect(after.state.claimHash).toBe(before.state.claimHash)
          expect(command._tag).not.toBe('ExpireByOperator')
        }
      }),
      { numRuns }
    )
  })
  it('what is in doubt is ended by its outcome, its holder or an operator, and by no lease and no retention', () => {
    let doubts = 0
    fc.assert(
      fc.property(arbitraryPlayed, ({ steps }) => {
        for (const { before, after, command, decision } of steps) {
          const was = recordOf(before.state)
          if (was?.inDoubt === undefined || was.outcome !== undefined) continue
          doubts++
          const is = recordOf(after.state)
          if (is?.epoch !== was.epoch) expect(['Release', 'ExpireByOperator']).toContain(command._tag)
          else if (is.outcome === undefined) expect(is.inDoubt).toEqual(was.inDoubt)
          if (command._tag === 'Reserve' && decision._tag === 'Decided') {
            expect(['InDoubt', 'Conflict']).toContain(decision.answer._tag)
          }
        }
      }),
      { numRuns: 2 * numRuns }
    )
    expect(doubts).toBeGreaterThan(0)
  })
  it('a point that was reached stands until the reservation ends other than by a takeover by lease', () => {
    let points = 0
    fc.assert(
      fc.property(arbitraryPlayed, ({ steps }) => {
        for (const { before, after, written } of steps) {
          const was = recordOf(before.state)?.recoveryPoints ?? []
          const ends = written.find(({ type }) => type === 'Expired')
          if (ends?.type === 'Expired' && ends.data.reason !== 'lease') continue
          points += was.length
          const names = recordOf(after.state)?.recoveryPoints?.map(({ name }) => name) ?? []
          expect(names.slice(0, was.length)).toEqual(was.map(({ name }) => name))
        }
      }),
      { numRuns: 2 * numRuns }
    )
    expect(points).toBeGreaterThan(0)
  })
  it('what is completed under a claim is completed under the current claim, and once', () => {
    fc.assert(
      fc.property(arbitraryHistory, (events) => {
        const fenced = events.flatMap(({ type, data }) =>
          type === 'Completed' && data.claimHash !== undefined ? [`${data.epoch} ${data.claimHash}`] : []
        )
        const issued = events.flatMap(({ type, data }) =>
          type === 'Reserved' ? [`${data.epoch} ${data.claimHash}`] : []
        )
        expect(new Set(fenced).size).toBe(fenced.length)
        for (const claim of fenced) expect(issued).toContain(claim)
      }),
      { numRuns }
    )
  })
  it('a completion that must not count is recorded once per claim and outcome', () => {
    fc.assert(
      fc.property(arbitraryHistory, (events) => {
        const rejections = events.flatMap(({ type, data }) => {
          if (type !== 'CompletionRejected') return []
          const { completedAtMs: _, ...outcome } = data.outcome
          return [JSON.stringify([data.epoch, data.claimHash, outcome])]
        })
        expect(new Set(rejections).size).toBe(rejections.length)
      }),
      { numRuns }
    )
  })
})
