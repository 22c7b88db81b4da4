import { once } from 'node:events'
import { createLedger } from '../../src/composition/ledger.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { say as sayAny } from './say.ts'

// Run as a process of its own: sweeps a file again and again while others do, until it is told that all is written.

export type SweepSaid =
  | { readonly _tag: 'Ready' }
  | { readonly _tag: 'Expired'; readonly recordId: string }
  | { readonly _tag: 'Failed'; readonly why: string }

const { file, nowMs }: { readonly file: string; readonly nowMs: number } = JSON.parse(process.argv[2] ?? '')
const say: (said: SweepSaid) => void = sayAny
const store = await openSqliteStore({ file })
const ledger = createLedger({ store })
let allWritten = false
say({ _tag: 'Ready' })
await once(process.stdin, 'data')
process.stdin.once('data', () => {
  allWritten = true
})
for (;;) {
  // what was written before this sweep began, it finds
  const last = allWritten
  const { failed } = await ledger.sweep({
    nowMs,
    batchSize: 8,
    pauseMs: 5,
    onExpired: ({ recordId }) => say({ _tag: 'Expired', recordId })
  })
  for (const { recordId, failure } of failed) say({ _tag: 'Failed', why: `${recordId}: ${failure._tag}` })
  if (last) break
}
await ledger.dispose()
await store.dispose()
process.stdin.destroy()
