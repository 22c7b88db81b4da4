import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Dated } from '../../src/domain/audit/moment.ts'
import { whatIf } from '../../src/domain/audit/what-if/what-if.ts'
import type { Policy } from '../../src/domain/commands.ts'
import type { IdentifiedEvent } from '../../src/domain/events/ledger-event.ts'
import type { Instant, Millis } from '../../src/domain/instant.ts'
import { noPast } from '../../src/domain/past.ts'
import { arbitraryIntent, arbitraryPolicy } from '../arbitraries/command.ts'
import { arbitraryHistory, step } from '../arbitraries/history.ts'

/** The events of commands that are all decided under one policy. */
const arbitraryUnder = fc
  .record({
    policy: arbitraryPolicy,
    moves: fc.array(fc.record({ intent: arbitraryIntent, elapsed: fc.integer({ min: -100, max: 600 }) }), {
      maxLength: 30,
      size: 'max'
    })
  })
  .map(({ policy, moves }) => {
    const events: Array<IdentifiedEvent> = []
    let past = noPast
    let now = 1000
    for (const { intent, elapsed } of moves) {
      now = Math.max(0, now + elapsed)
      const command = intent(past, now as Instant)
      const made = step(past, 'policy' in command ? { ...command, policy } : command, events.length)
      events.push(...made.written)
      past = made.after
    }
    return { policy, events }
  })

const dated = (events: ReadonlyArray<IdentifiedEvent>): ReadonlyArray<Dated> =>
  events.map((event, index) => ({ event, revision: BigInt(index), recordedAtMs: index }))

const differences = (events: ReadonlyArray<IdentifiedEvent>, other: Parameters<typeof whatIf>[0]) => {
  const next = whatIf(other)
  return dated(events).flatMap((event) => next(event).differences)
}

describe('what-if', () => {
  it('finds no difference under the policy that a history was made under', () => {
    let events = 0
    fc.assert(
      fc.property(arbitraryUnder, ({ policy, events: history }) => {
        events += history.length
        expect(differences(history, { policy })).toEqual([])
      }),
      { numRuns: 300 }
    )
    expect(events).toBeGreaterThan(500)
  })
  it('is total under any policy, and counts every request once', () => {
    const lease = fc.option(
      fc.oneof(
        fc.constant<'none'>('none'),
        fc.nat({ max: 2000 }).map((n) => n as Millis)
      ),
      {
        nil: undefined
      }
    )
    const retentionMs = fc.option(
      fc.nat({ max: 2000 }).map((n) => n as Millis),
      { nil: undefined }
    )
    fc.assert(
      fc.property(
        arbitraryHistory,
        arbitraryPolicy,
        lease,
        retentionMs,
        (history, policy: Policy, lease, retentionMs) => {
          const next = whatIf({ policy, lease, retentionMs })
          for (const event of dated(history)) {
            const { requests, merged, differences } = next(event)
            expect(differences.reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(requests)
            expect(merged === 0 || merged === requests).toBe(true)
            for (const { was, wouldBe } of differences) expect(wouldBe).not.toBe(was)
          }
        }
      )
    )
  })
})
