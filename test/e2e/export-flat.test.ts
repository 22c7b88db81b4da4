import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { createLedger } from '../../src/composition/ledger.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { importable } from '../support/importable.ts'
import { keyfold } from '../support/keyfold.ts'
import { temporaryFile } from '../support/temporary-file.ts'

/** For a machine that has much else to do; a hang is longer. */
const timeout = 300_000

it('an export of events takes no more memory than a few pages of them, whatever the log holds', {
  timeout
}, async () => {
  const file = temporaryFile('ledger.db')
  const store = await openSqliteStore({ file })
  const ledger = createLedger({ store })
  // some 40 MB as text, and more than the process below may hold once they are read
  const outcome = { outcomeKind: 'done', completedAtMs: 1, details: 'x'.repeat(3000) }
  const records = Array.from({ length: 12_000 }, (_, n) => importable(`key ${n}`, { outcome, status: 'completed' }))
  await ledger.importRecords(records, { source: 'a test' })
  await ledger.dispose()
  await store.dispose()
  const out = temporaryFile('events.ndjson.gz')
  const env = { NODE_OPTIONS: '--max-old-space-size=48' }
  const args = ['export', out, '--what=events', '--operation=op', `--store=sqlite:${file}`]
  expect(await keyfold(args, { env })).toMatchObject({
    code: 0,
    stderr: '',
    stdout: `exported 12000 events to ${out}\n`
  })
  const text = gunzipSync(readFileSync(out))
  expect(text.length).toBeGreaterThan(36_000_000)
  let lines = 0
  for (const byte of text) if (byte === 10) lines++
  expect(lines).toBe(12_000)
})
