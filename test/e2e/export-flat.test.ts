import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { keyfold } from '../support/keyfold.ts'
import { fillLargeStore } from '../support/large-log.ts'
import { temporaryFile } from '../support/temporary-file.ts'

/** For a machine that has much else to do; a hang is longer. */
const timeout = 300_000

it('an export of events takes no more memory than a few pages of them, whatever the log holds', {
  timeout
}, async () => {
  const file = temporaryFile('ledger.db')
  // some 40 MB as text, and more than the process below may hold once they are read
  await fillLargeStore(file, 12_000, 9000)
  const out = temporaryFile('events.ndjson.gz')
  const env = { NODE_OPTIONS: '--max-old-space-size=48' }
  const args = ['export', out, '--what=events', '--operation=payment.charge', `--store=sqlite:${file}`]
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
