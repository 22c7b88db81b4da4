import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { connect } from '../../src/adapters/sqlite/connection.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { frozen, frozenEvents } from '../support/frozen-files.ts'

const reference = readFileSync('docs/reference/sqlite-store.md', 'utf8')

it('the query of the reference shows an operator every event of the ledger, by stream, revision, type, id and time', async () => {
  const [, query = ''] = /```sql\n(SELECT event\.position.*?);\n```/s.exec(reference) ?? []
  const file = frozen('all-events.v1')
  const store = await openSqliteStore({ file })
  await store.dispose()
  const shell = connect(file)
  // no column leaves the file as text but what is sure to be one
  const rows = shell.prepare(`SELECT position, stream, revision, type, id, recorded FROM (${query})`).rows([])
  shell.close()
  const events = frozenEvents()
  expect(rows).toHaveLength(events.length)
  const ofLedger = events.filter(({ stream }) => stream.includes('-idem_'))
  expect(ofLedger.length).toBeGreaterThan(90)
  expect(rows.filter(([, stream]) => String(stream).includes('-idem_'))).toEqual(
    ofLedger.map(({ position, stream, revision, type, id, recordedAtMs }) => [
      Number(position),
      stream,
      Number(revision),
      type,
      id.replaceAll('-', ''),
      new Date(recordedAtMs).toISOString()
    ])
  )
})
