import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { recordId } from '../src/index.ts'
import { benchmark, count, measured, megabytes, perSecond } from './harness/figure.ts'
import { elapsed } from './harness/measure.ts'
import { tenant } from './harness/requests.ts'

const records = 100_000
const fileBytes = 80_000_000
const limitBytes = 512 * 1024 * 1024

const recordText = (n: number, padding: string): string => {
  const key = `order-${n}`
  const id = recordId(tenant, 'payment.charge', key)
  const digest = createHash('sha256').update(key).digest('hex')
  return `    "${id}": ${JSON.stringify({
    schema_version: 1,
    record_id: id,
    tenant_context: { org_id: tenant.orgId, workspace_id: tenant.workspaceId, source: tenant.source },
    operation: 'payment.charge',
    key,
    owner: 'worker-1',
    request_fingerprint: `sha256:${digest}`,
    status: 'completed',
    first_seen_at_ms: 1_700_000_000_000 + n,
    last_seen_at_ms: 1_700_000_001_000 + n,
    outcome: {
      outcome_kind: 'charged',
      completed_at_ms: 1_700_000_001_000 + n,
      details: { amount: n, note: padding }
    },
    conflict_count: 0
  })}`
}

/** Writes a file of the predecessor's with so many records, padded to about 80 MB. */
const predecessorFile = async (file: string): Promise<void> => {
  const padding = 'x'.repeat(Math.max(0, Math.floor(fileBytes / records) - recordText(0, '').length - 2))
  const out = createWriteStream(file)
  out.write('{\n  "schema_version": 1,\n  "records": {\n')
  for (let n = 0; n < records; n++) {
    const more = out.write(`${recordText(n, padding)}${n === records - 1 ? '\n' : ',\n'}`)
    if (!more) await once(out, 'drain')
  }
  out.end('  }\n}\n')
  await once(out, 'close')
}

/** Runs the command in a process of its own; its peak memory is told by the process itself. */
const peakScript = `process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS + '\\n'))`

export const importing = benchmark({
  name: 'import',
  about: `keyfold import of ${count(records)} records in a process of its own`,
  goals: { 'peak memory': { atMost: 1 }, 'rate, start of the process to its end': 'told' },
  run: async (folder) => {
    const file = join(folder, 'predecessor.json')
    await predecessorFile(file)
    const { size } = statSync(file)
    const program = resolve('dist/bin/keyfold.js')
    const preload = `data:text/javascript,${encodeURIComponent(peakScript)}`
    let peak = Number.NaN
    const ms = await elapsed(async () => {
      const { stderr, stdout } = await promisify(execFile)(process.execPath, [
        '--import',
        preload,
        program,
        '--store',
        `sqlite:${join(folder, 'imported.db')}`,
        '--json',
        'import',
        file
      ])
      const summary: { readonly imported: number } = JSON.parse(stdout)
      if (summary.imported !== records) throw new Error(`imported ${summary.imported}`)
      peak = Number(/peak (\d+)/.exec(stderr)?.[1]) * 1024
    })
    return {
      'peak memory': measured({
        measured: `${megabytes(peak)} for a file of ${megabytes(size)}`,
        reference: `${megabytes(limitBytes)}, the most that it may take`,
        value: peak / limitBytes
      }),
      'rate, start of the process to its end': measured({ measured: `${perSecond(records, ms)} records`, value: ms })
    }
  }
})
