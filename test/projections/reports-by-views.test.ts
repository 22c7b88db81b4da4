import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/adapters/memory/event-store.ts'
import type { Projection } from '../../src/application/projections/projection.ts'
import { keyIndex } from '../../src/application/projections/shipped/key-index.ts'
import { shipped } from '../../src/application/projections/shipped/shipped.ts'
import { createLedger } from '../../src/composition/ledger.ts'
import { createProjections } from '../../src/composition/projections.ts'
import { commandLine } from '../support/cli.ts'

const key = (name: string) => ['--operation=op', `--key=${name}`]
const reserve = (name: string, ...more: ReadonlyArray<string>) => [
  'reserve',
  ...key(name),
  ...(more.some((one) => one.startsWith('--owner')) ? [] : ['--owner=me']),
  ...(more.some((one) => one.startsWith('--fingerprint')) ? [] : ['--fingerprint=fp']),
  ...(more.some((one) => one.startsWith('--lease')) ? [] : ['--lease=none']),
  ...more
]
const complete = (name: string) => ['complete', '--by-key-unfenced', ...key(name), '--outcome=done']

/** Keys that stand in every way, and requests that came too late, or with another fingerprint. */
const filled = async () => {
  const world = commandLine()
  const ran = async (...args: ReadonlyArray<string>) => {
    const { code, stderr } = await world.run(args)
    expect(code, stderr).toBe(0)
  }
  await ran(...reserve('done'))
  await ran(...complete('done'))
  await ran(...reserve('lapsed', '--lease=1s', '--org=acme', '--workspace=shop'))
  await ran(...reserve('late', '--retention=1s'))
  await ran(...complete('late'))
  await ran(...reserve('late', '--now=2026-01-02T00:00:00Z', '--expires-at=2026-01-03T00:00:00Z'))
  await ran(...reserve('done', '--fingerprint==other', '--owner=you'))
  await ran(...reserve('lapsed', '--fingerprint=third', '--org=acme', '--workspace=shop'))
  await ran(...reserve('done'))
  await ran(...reserve('done', '--fingerprint==other'))
  await ran(...reserve('other', '--operation=other'))
  await ran('expire-by-operator', ...key('other'), '--operation=other', '--by=ann', '--note=why')
  const rebuild = () => ran('rebuild', '--all')
  const json = async (...args: ReadonlyArray<string>) => {
    const { code, stdout, stderr } = await world.run([...args, '--json'])
    expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' })
    return JSON.parse(stdout)
  }
  const projections = createProjections({ store: world.store, views: world.views, clock: () => 0 })
  return { ...world, rebuild, json, projections }
}

/** What is asked in every way that the views can answer. */
const asked: ReadonlyArray<ReadonlyArray<string>> = [
  ['list'],
  ['list', '--limit=1'],
  ['list', '--org=acme', '--workspace=shop', '--operation=op', '--owner=me', '--status=conflicted'],
  ['list', '--seen-from=2026-01-01T00:00:08Z'],
  ['list', '--owner=nobody'],
  ['stuck'],
  ['stuck', '--now=2026-02-01T00:00:00Z', '--org=acme'],
  ['stuck', '--now=2025-02-01T00:00:00Z'],
  ['conflicts'],
  ['conflicts', '--org=acme', '--limit=1'],
  ['conflicts', '--operation=nothing'],
  ['stats'],
  ['stats', '--every=1m'],
  ['stats', '--every=1d']
]

const ofSource = ({ source, views, scanned_because, ...rest }: { readonly [name: string]: unknown }) => ({
  rest,
  from: { source, views, scanned_because }
})

describe('a report', () => {
  it.each(asked.map((args) => [args.join(' '), args] as const))(
    'is the same from a view as by a scan: %s',
    async (_, args) => {
      const { rebuild, json, run } = await filled()
      await rebuild()
      const view = ofSource(await json(...args))
      const scan = ofSource(await json(...args, '--scan'))
      expect(view.from.source).toBe('views')
      const upToDate = { events: 13, events_behind: 0, more_behind: false, seconds_behind: 0, skipped_events: 0 }
      for (const one of [view.from.views].flat()) expect(one).toMatchObject(upToDate)
      expect(scan.from).toEqual({ source: 'scan', views: undefined, scanned_because: '--scan asks for it' })
      expect(view.rest).toEqual(scan.rest)
      const [shown, scanned] = [await run(args), await run([...args, '--scan'])]
      expect(shown.stdout.replace(/ by the views?/, ' by a scan')).toBe(scanned.stdout)
      expect(shown.stderr).toMatch(/^(read from the view \w+: up to date\n)+$/)
      expect(scanned.stderr).toBe('')
    },
    30_000
  )

  it('says how far its view is behind the log', async () => {
    const { rebuild, json, run } = await filled()
    await rebuild()
    await run(reserve('new'))
    expect(await json('list')).toMatchObject({
      found: 3,
      views: [
        { view: 'key_index', events: 13, events_behind: 1, more_behind: false, seconds_behind: 1, skipped_events: 0 }
      ]
    })
    expect((await run(['list'])).stderr).toBe('read from the view key_index: 1 event and 2 s behind the log\n')
    expect(await json('list', '--scan')).toMatchObject({ found: 4 })
  })

  it.each([
    [['conflicts', '--from=2026-01-01T00:00:00Z'], 'the view does not hold when each conflict was recorded'],
    [['stats', '--operation=op'], 'the view of the rates does not hold whose each event was'],
    [['stats', '--until=2027-01-01T00:00:00Z'], 'the views do not hold when each key was completed'],
    [['stats', '--every=90s'], 'the view of the rates holds whole minutes']
  ])('is a scan where the view does not hold what is asked, and says so: %j', async (args, because) => {
    const { rebuild, json } = await filled()
    await rebuild()
    expect(await json(...args)).toMatchObject({ source: 'scan', scanned_because: because })
  })

  it('is a scan where no view is there, which goes without saying in a pipe where nobody named one', async () => {
    const { json, run } = await filled()
    expect(await json('list')).toMatchObject({
      found: 3,
      source: 'scan',
      scanned_because: 'there is no view key_index'
    })
    expect((await run(['list'])).stderr).toBe('')
    const said = 'read by a scan of the log: there is no view key_index\n'
    expect((await run(['list', '--views=v.db'])).stderr).toBe(said)
    expect((await run(['list'], { env: { KEYFOLD_VIEWS: 'v.db' } })).stderr).toBe(said)
    expect((await run(['list'], { isTTY: true })).stderr).toBe(said)
  })

  it('is a scan where the view is of another version, another category, or another log', async () => {
    const { json, projections, views } = await filled()
    await projections.rebuild({ ...keyIndex, version: 1 })
    expect((await json('list')).scanned_because).toMatch(/rebuild it$/)
    await projections.rebuild(keyIndex)
    expect(await json('list', '--category=c')).toMatchObject({
      found: 0,
      scanned_because: expect.stringMatching(/is of the category "idempotency"/)
    })
    const store = { ...memoryStore({ now: () => 0 }), dispose: async () => undefined }
    const tenant = { orgId: 'acme', workspaceId: 'shop' }
    const request = { tenant, operation: 'op', key: 'k', owner: 'me', requestFingerprint: 'f', lease: 1 }
    await createLedger({ store }).reserve(request)
    await createProjections({ store, views }).rebuild(keyIndex)
    expect(await json('list')).toMatchObject({ found: 3, scanned_because: expect.stringMatching(/is of another log/) })
    await projections.rebuild({ ...keyIndex, version: keyIndex.version + 1 })
    expect((await json('list')).scanned_because).toMatch(/is of version 3, which is newer/)
  })

  it('is a scan where keys wait in the view, and tells of events that operators left out', async () => {
    const { json, projections } = await filled()
    const poisoned: Projection<unknown> = {
      ...keyIndex,
      evolve: (state, entry) => {
        if (entry.type === 'ConflictRecorded') throw new Error('no conflicts, please')
        return keyIndex.evolve(state as never, entry)
      }
    }
    await projections.rebuild(poisoned, { poison: 'park' })
    expect((await json('list')).scanned_because).toMatch(/^2 keys wait in the view key_index/)
    for (const { recordId } of await projections.parked(keyIndex.name)) {
      for (let skipped = 0; skipped < 5; skipped++) {
        const { parked } = await projections.skip(poisoned, { recordId, actor: 'ann', reason: 'why' })
        if (parked === undefined) break
      }
    }
    expect(await json('list')).toMatchObject({ source: 'views', found: 3, views: [{ skipped_events: 3 }] })
  })

  it('refuses what makes no sense, view or not', async () => {
    const { run, rebuild } = await filled()
    await rebuild()
    expect(await run(['stats', '--every=0'])).toMatchObject({ code: 2 })
    expect(await run(['list', '--owner=\ud800'])).toMatchObject({ code: 10 })
  })
})

describe('keyfold rebuild', () => {
  it('builds several views, each once, and says what became of each', async () => {
    const { json } = await filled()
    expect(await json('rebuild', 'key_index', 'conflicts', 'key_index', '--partitions=2')).toMatchObject({
      rebuilt: [
        { projection: 'key_index', events: 13, partitions: 2 },
        { projection: 'conflicts', events: 13, partitions: 2 }
      ]
    })
    expect((await json('rebuild', '--all')).rebuilt).toHaveLength(shipped.size)
  })
  it('wants names or --all, and not both', async () => {
    const { run } = await filled()
    expect(await run(['rebuild'])).toMatchObject({ code: 10, stderr: expect.stringContaining('or say --all') })
    expect(await run(['rebuild', 'key_index', '--all'])).toMatchObject({ code: 10 })
    expect(await run(['rebuild', 'nothing'])).toMatchObject({
      code: 10,
      stderr: expect.stringContaining('there are: key_index')
    })
  })
})
