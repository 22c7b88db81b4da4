// The doors by `require`, as a CommonJS application opens them.
const assert = require('node:assert/strict')
const { it } = require('node:test')

const entries = [
  '',
  '/memory',
  '/sqlite',
  '/eventstoredb',
  '/opentelemetry',
  '/projections',
  '/testing',
  '/testing/eventstoredb'
]

for (const entry of entries) {
  it(`keyfold${entry} is there by require, and is the one that import gives`, async () => {
    const required = require(`keyfold${entry}`)
    const imported = await import(`keyfold${entry}`)
    assert.notEqual(Object.keys(imported).length, 0)
    for (const name of Object.keys(imported)) assert.equal(required[name], imported[name], name)
  })
}

it('keyfold/package.json is there', () => assert.equal(require('keyfold/package.json').name, 'keyfold'))

it('a key is reserved once, and answered from its record then', async () => {
  const { createLedger } = require('keyfold')
  const { openSqliteStore } = require('keyfold/sqlite')
  const { request, fileIn } = await import('./requests.mjs')
  const store = await openSqliteStore({ file: fileIn('required.db') })
  const ledger = createLedger({ store })
  const { claim } = await ledger.reserve(request)
  await ledger.complete({ claim, outcome: { outcomeKind: 'charged' } })
  assert.equal((await ledger.reserve(request)).record.outcome.outcomeKind, 'charged')
  await ledger.dispose()
  await store.dispose()
})
