import { expect, it } from 'vitest'
import { commitTo, viewMemory } from '../../../../src/adapters/sqlite/views/memory.ts'
import type { RowChange } from '../../../../src/application/ports/view-store.ts'

const checkpoint = { position: '1', events: 1, appliedAtMs: 1, rate: 0 }
const before = { seq: 0, epoch: 0, checkpoint, parked: [], skipped: [] }
const large = 'x'.repeat(1024 * 1024)

it.each<[string, (n: number) => RowChange]>([
  ['states', (n) => ({ row: `${n}`, state: large, columns: {} })],
  ['columns', (n) => ({ row: `${n}`, state: '1', columns: { a: n, b: null, c: large } })],
  ['names', (n) => ({ row: `${n}${large}`, state: '1', columns: {} })]
])('few rows of large %s are known at once', (_, change) => {
  const memory = viewMemory()
  let most = 0
  for (let n = 0; n < 50; n++) {
    commitTo(memory, before, {
      generation: 1,
      partition: 0,
      epoch: 0,
      seq: n,
      checkpoint,
      rows: [change(n)],
      parked: []
    })
    most = Math.max(most, memory.rows.size)
  }
  expect(most).toBeGreaterThan(0)
  expect(most).toBeLessThan(8)
})
