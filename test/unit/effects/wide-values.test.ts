import { describe, expect, it, onTestFinished } from 'vitest'
import { maxPointBytes } from '../../../src/domain/recovery-points.ts'
import { createLedger, type Json, once, type TaskContext } from '../../../src/index.ts'
import { openMemoryStore } from '../../../src/memory.ts'

const most = 2000

/** Few objects, of which JSON makes 2^20 values; tells how many of these were read. */
const wide = () => {
  let read = 0
  const leaf = {
    get value(): number {
      read++
      return 1
    }
  }
  let tree: unknown = leaf
  for (let n = 0; n < 20; n++) tree = [tree, tree]
  return { tree, read: () => read }
}

describe('what once stores, of more values than it may have bytes', () => {
  it.each([
    ['a result', (tree: unknown) => async () => tree],
    [
      'the result of a step',
      (tree: unknown) =>
        async ({ step }: TaskContext) =>
          step('one', () => tree as Json)
    ],
    [
      'a failure',
      (tree: unknown) => async () => {
        throw tree
      }
    ]
  ])('is not read to its end: %s', async (_, taskOf) => {
    const store = await openMemoryStore()
    const ledger = createLedger({ store, limits: { outcomeBytes: most } })
    onTestFinished(() => ledger.dispose())
    const { tree, read } = wide()
    const key = {
      tenant: { orgId: 'acme', workspaceId: 'shop' },
      operation: 'op',
      key: 'k',
      owner: 'me',
      requestFingerprint: 'f'
    }
    await once<unknown>(ledger, { ...key, lease: 60_000, onThrow: 'definitive' })(taskOf(tree))
    expect(read()).toBeGreaterThan(0)
    expect(read()).toBeLessThanOrEqual(maxPointBytes)
  })
})
