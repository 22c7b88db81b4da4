import { copyFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { keyfold } from '../support/keyfold.ts'
import { keyfoldHere } from '../support/keyfold-here.ts'
import { temporaryFile } from '../support/temporary-file.ts'

/** More than a page of a view. */
const dueCount = 1100

const reserve = (key: string, more: object = {}) =>
  JSON.stringify({
    op: 'reserve',
    tenant: { org_id: 'acme', workspace_id: 'shop' },
    operation: 'charge',
    key,
    owner: 'me',
    request_fingerprint: 'f',
    now_ms: 1000,
    ...more
  })

/** Keys that are due, keys that will be, keys that never are, one that is at work, and one that is free already. */
const lines = [
  ...Array.from({ length: dueCount }, (_, at) => reserve(`due ${at}`, { expires_at_ms: 2000 })),
  reserve('later', { expires_at_ms: 4_000_000_000_000 }),
  reserve('never'),
  reserve('at work', { expires_at_ms: 2000, lease_ms: 4_000_000_000_000 })
].join('\n')

describe('keyfold sweep, where there is a view due_keys', () => {
  it('expires the same keys as by a scan, and says how far the view is behind', async () => {
    const [store, scanned, views] = [temporaryFile('store.db'), temporaryFile('scanned.db'), temporaryFile('views.db')]
    const told = async (args: ReadonlyArray<string>, input = '') => {
      const { code, stdout, stderr } = await keyfoldHere(args, { input })
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      return stdout
    }
    const json = async (...args: ReadonlyArray<string>) => JSON.parse(await told([...args, '--json']))
    const byView = [`--store=sqlite:${store}`, `--views=${views}`]
    const byScan = [`--store=sqlite:${scanned}`, '--scan']
    const stands = { ended: 'done', failed: [], failed_count: 0 }

    await told(['batch', ...byView.slice(0, 1)], lines)
    copyFileSync(store, scanned)
    expect(await json('sweep', '--dry-run', '--pause=0ms', ...byView)).toMatchObject({
      source: 'scan',
      scanned_because: `there is no file of views at ${views}`,
      due: dueCount
    })
    await json('rebuild', 'due_keys', ...byView)
    await told(['batch', ...byView.slice(0, 1)], `${reserve('new', { expires_at_ms: 2000 })}\n`)

    const due = await json('sweep', '--dry-run', '--pause=0ms', ...byView)
    const dueByScan = await json('sweep', '--dry-run', '--pause=0ms', ...byScan)
    expect(due).toMatchObject({
      ...stands,
      due: dueCount,
      not_due: 0,
      source: 'views',
      views: [{ view: 'due_keys', events: dueCount + 3, events_behind: 1 }]
    })
    // the scan looks at single events, and so at the one at work too
    expect(dueByScan).toMatchObject({ ...stands, due: dueCount, not_due: 1, source: 'scan' })
    const idsOf = ({ records }: { records: ReadonlyArray<{ record_id: string }> }) =>
      records.map(({ record_id }) => record_id)
    expect(idsOf(await json('list', ...byScan))).toHaveLength(dueCount + 3)

    const { code, stdout, stderr } = await keyfold(['sweep', '--pause=0ms', ...byView])
    expect({ code, stdout }).toEqual({ code: 0, stdout: `expired ${dueCount}, by the view\n` })
    expect(stderr).toMatch(/^read from the view due_keys: 1 event and [\d.]+ s behind the log\n$/)
    expect(await json('sweep', '--pause=0ms', ...byScan)).toMatchObject({ ...stands, expired: dueCount })
    const [left, leftByScan] = [await json('list', '--scan', ...byView), await json('list', ...byScan)]
    expect(left.records.map(({ key }: { key: string }) => key).toSorted()).toEqual(['at work', 'later', 'never', 'new'])
    expect(idsOf(leftByScan).every((id) => idsOf(left).includes(id))).toBe(true)
    expect(leftByScan.found).toBe(3)
  }, 300_000)
})

describe('a file of views that is none', () => {
  it('is told as what is wrong, and not the store', async () => {
    const views = temporaryFile('views.db')
    writeFileSync(views, 'not a database at all, but a text of some length')
    const { code, stderr } = await keyfold(['rebuild', '--all', '--store=memory:', `--views=${views}`])
    expect(code).toBe(21)
    expect(stderr).toMatch(/^error: NotAStore: --views: .+\nwhat to do: name a file of views with --views/)
    expect(stderr).not.toContain('--store')
  })
})
