// The command line as it is installed: started by its name, by the Node that stands first in the path.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { startStandIn } from 'keyfold/testing/eventstoredb'
import { fileIn } from './requests.mjs'

/** What it says on this input; fails where it complains, or ends with another code than 0. */
const keyfold = (args, input = '') =>
  new Promise((resolve, reject) => {
    const child = execFile(join('node_modules', '.bin', 'keyfold'), args, (error, stdout, stderr) => {
      if (error !== null) reject(error)
      else if (stderr !== '') reject(new Error(stderr))
      else resolve(stdout)
    })
    child.stdin.end(input)
  })

const line = (fields) => `${JSON.stringify(fields)}\n`
const tenant = { org_id: 'acme', workspace_id: 'shop' }
const key = { tenant, operation: 'charge', key: 'order-1', owner: 'web-1', request_fingerprint: 'amount=10' }
const reserve = (claimId) => line({ op: 'reserve', ...key, claim_id: claimId })

it('answers a batch, and a later process from the same file', async () => {
  const store = `--store=sqlite:${fileIn('batch.db')}`
  const { result, claim } = JSON.parse(await keyfold(['batch', store], reserve('c-1')))
  assert.equal(result, 'reserved')
  const complete = line({ op: 'complete', claim, outcome: { outcome_kind: 'charged', details: [1, 'ä'] } })
  const answers = await keyfold(['batch', store], complete + reserve('c-2'))
  const [completed, duplicate] = answers
    .trim()
    .split('\n')
    .map((answer) => JSON.parse(answer))
  assert.deepEqual([completed.result, duplicate.result], ['completed', 'duplicate'])
  const flags = ['--org=acme', '--workspace=shop', '--operation=charge', '--key=order-1']
  const { record } = JSON.parse(await keyfold(['get', ...flags, store, '--json']))
  assert.deepEqual(record.outcome.details, [1, 'ä'])
  assert.equal(JSON.parse(await keyfold(['list', store, '--json'])).found, 1)
})

it('exports what another store imports, to the same file again', async () => {
  const [from, to] = ['from.db', 'to.db'].map((name) => `--store=sqlite:${fileIn(name)}`)
  await keyfold(['batch', from], reserve('c-1'))
  await keyfold(['export', fileIn('keys.json'), from])
  await keyfold(['import', fileIn('keys.json'), to])
  const exported = readFileSync(fileIn('keys.json'), 'utf8')
  assert.equal(Object.keys(JSON.parse(exported).records).length, 1)
  assert.equal(await keyfold(['export', to]), exported)
})

it('works on a server', async () => {
  const server = await startStandIn()
  try {
    assert.equal(JSON.parse(await keyfold(['batch', `--store=${server.url}`], reserve('c-1'))).result, 'reserved')
    assert.equal(server.records().length, 1)
  } finally {
    await server.stop()
  }
})
