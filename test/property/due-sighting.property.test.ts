import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { defaultPolicy } from '../../src/domain/commands.ts'
import { isRetentionOver } from '../../src/domain/due.ts'
import { mayBeDue } from '../../src/domain/due-sighting.ts'
import type { Instant } from '../../src/domain/instant.ts'
import { recordOf } from '../../src/domain/state.ts'
import { arbitraryPlayed } from '../arbitraries/history.ts'

it('a key that is due is never passed over by who looks at single events', () => {
  let due = 0
  fc.assert(
    fc.property(arbitraryPlayed, fc.integer({ min: 0, max: 12_000 }), ({ steps }, at) => {
      const now = at as Instant
      let sighted = false
      for (const { written, after } of steps) {
        for (const event of written) sighted = mayBeDue(event, now) ?? sighted
        const record = recordOf(after.state)
        if (record === undefined || !isRetentionOver(record, now, defaultPolicy)) continue
        due++
        expect(sighted).toBe(true)
      }
    }),
    { numRuns: 300 }
  )
  expect(due).toBeGreaterThan(100)
})
