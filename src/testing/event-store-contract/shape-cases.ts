import assert from 'node:assert/strict'
import type { Case } from './case.ts'

export const shapeCases: ReadonlyArray<Case> = [
  [
    'is what its harness declares, no more and no less',
    async ({ store, capabilities }) => {
      const { atomic, limited, removable, confirming } = capabilities
      assert.equal(typeof store.appendAtomically, atomic ? 'function' : 'undefined')
      assert.equal(typeof store.maxAppendBytes, limited ? 'number' : 'undefined')
      if (removable !== undefined) assert.equal(typeof store.isRemoved, removable ? 'function' : 'undefined')
      if (confirming !== undefined) assert.equal(typeof store.confirmCurrent, confirming ? 'function' : 'undefined')
      for (const part of ['append', 'readStream', 'readAll', 'subscribe', 'dispose'] as const) {
        assert.equal(typeof store[part], 'function', part)
      }
    }
  ],
  [
    'begins with nothing in it',
    async ({ log }) => {
      assert.deepEqual(await log(), [])
    }
  ]
]
