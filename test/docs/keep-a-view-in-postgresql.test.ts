import { createLedger } from 'keyfold'
import { openMemoryStore } from 'keyfold/memory'
import { createProjections, openMemoryViews } from 'keyfold/projections'
import pg from 'pg'
import { expect, it, onTestFinished } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { postgresqlIsThere, startPostgresql } from '../support/postgresql.ts'
import { completionsIn, schema } from './snippets/keep-a-view-in-postgresql.ts'

const setUp = async () => {
  const { host, port } = await startPostgresql()
  const pool = new pg.Pool({ host, port, user: 'keyfold', database: 'postgres', max: 5 })
  // a server that ends says so to connections that idle
  pool.on('error', () => {})
  onTestFinished(() => pool.end())
  await pool.query(schema)
  const store = await openMemoryStore()
  const ledger = createLedger({ store })
  const complete = async (key: string): Promise<void> => {
    const tenant = { orgId: 'acme', workspaceId: 'shop' }
    const asked = { tenant, operation: 'charge', key, owner: 'me', requestFingerprint: 'f' }
    const answer = await ledger.reserve({ ...asked, lease: 'none' })
    if (answer._tag !== 'Reserved') throw new Error(answer._tag)
    await ledger.complete({ claim: answer.claim, outcome: { outcomeKind: 'charged' } })
  }
  const views = await openMemoryViews()
  const begin = () => createProjections({ store, views, leaseMs: 200 })
  const counted = async (): Promise<unknown> =>
    (await pool.query('SELECT count(*)::int AS keys, sum(times)::int AS times FROM completions')).rows[0]
  return { pool, complete, begin, counted }
}

if (postgresqlIsThere) {
  it('the how-to’s sink takes each event in once, over partitions, restarts and connections that are cut', async () => {
    const { pool, complete, begin, counted } = await setUp()
    const sink = completionsIn(pool)
    for (let n = 0; n < 20; n++) await complete(`key ${n}`)
    for (let round = 1; round <= 3; round++) {
      const projections = begin()
      const runner = projections.runSink(sink, { partitions: 3, batchSize: 2 })
      for (let n = 0; n < 20; n++) await complete(`key ${round * 20 + n}`)
      await pool.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND client_port IS NOT NULL'
      )
      const keys = 20 + round * 20
      await eventually(async () => expect(await counted()).toEqual({ keys, times: keys }))
      await runner.stop()
      await runner.ended()
      await projections.dispose()
    }
  })
  it('the how-to’s sink refuses a runner that was overtaken, and a batch that does not follow on', async () => {
    const { pool, counted } = await setUp()
    const sink = completionsIn(pool)
    const share = { partition: 0, partitions: 1 }
    const checkpoint = { position: '5', events: 1, appliedAtMs: 1, rate: 0 }
    const batch = { ...share, epoch: 1, after: 'start', checkpoint, items: [] }
    expect(await sink.begin(share, 1)()).toMatchObject({ _tag: 'Right', right: undefined })
    expect(await sink.apply(batch)()).toMatchObject({ _tag: 'Right' })
    expect(await sink.apply(batch)()).toMatchObject({ left: { _tag: 'Contended' } })
    expect(await sink.begin(share, 2)()).toMatchObject({ right: checkpoint })
    expect(await sink.begin(share, 1)()).toMatchObject({ left: { _tag: 'Contended' } })
    expect(await sink.apply({ ...batch, after: '5' })()).toMatchObject({ left: { _tag: 'Contended' } })
    expect(await counted()).toEqual({ keys: 0, times: null })
  })
} else {
  it('the how-to’s sink is not tried: PostgreSQL is not installed here', () => {
    console.warn('NOT RUN: the sink in PostgreSQL. Install the package postgresql to have it tried.')
    expect(postgresqlIsThere).toBe(false)
  })
}
