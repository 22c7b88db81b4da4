import { describe, expect, it } from 'vitest'
import { keysByOperation, keyTimes } from '../../../../src/application/projections/shipped/key-times.ts'
import { lateByOperation, lateDuplicates } from '../../../../src/application/projections/shipped/late-duplicates.ts'
import type { KeySight } from '../../../../src/domain/reports/key-sight.ts'
import { emptyPacked, withNumber } from '../../../../src/domain/reports/sketch.ts'

const operations = Array.from({ length: 1200 }, (_, n) => `op-${n}`)
const tenant = { orgId: 'acme', workspaceId: 'shop', source: 'explicit' } as const

describe('what is summed up by operation', () => {
  it('tells 1,000 of them apart, and any others as one: how late requests came', () => {
    const reader = lateByOperation()
    const late = withNumber(emptyPacked, 5)
    for (const operation of operations) {
      reader.take(operation, { ...lateDuplicates.initialState, whose: { tenant, operation }, late })
    }
    const told = reader.answer()
    expect(told).toHaveLength(1001)
    expect(told[0]).toMatchObject({ operation: '_OTHER', keys: 200, lateness: { count: 200 } })
  })

  it('tells 1,000 of them apart, and any others as one: how keys stand', () => {
    const reader = keysByOperation()
    for (const operation of operations) {
      reader.take(operation, { ...keyTimes.initialState, sight: { operation, status: 'reserved' } as KeySight })
    }
    expect(reader.answer().operations).toHaveLength(1001)
  })
})
