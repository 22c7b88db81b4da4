import { once } from 'node:events'
import { readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { contents, doctor } from '../support/doctor.ts'
import { executed, frozen, schema1InLog } from '../support/frozen-files.ts'
import { start } from '../support/keyfold.ts'
import { keyfoldHere } from '../support/keyfold-here.ts'
import { reserve } from '../support/story.ts'
import { temporaryFile } from '../support/temporary-file.ts'

/** A store whose process was killed after it answered: what it wrote stands in the log. */
const killedStore = async (file: string): Promise<void> => {
  const { child, ended } = start(['batch', '--store', `sqlite:${file}`])
  const answered = once(child.stdout, 'data')
  child.stdin.write(`${JSON.stringify(line)}\n`)
  await answered
  child.kill('SIGKILL')
  await ended
}

const line = {
  op: 'reserve',
  tenant: { org_id: 'acme', workspace_id: 'shop' },
  operation: 'charge',
  key: 'order-1',
  owner: 'job',
  request_fingerprint: 'f',
  lease_ms: 60_000
}

describe('keyfold doctor', () => {
  it('changes nothing of a store whose log was not folded in, and looks into it', async () => {
    const file = temporaryFile('k.db')
    await killedStore(file)
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(0)
    const before = contents(dirname(file))
    const { code, states, checks } = await doctor(`sqlite:${file}`, dirname(file))
    expect({ code, ...states }).toMatchObject({ code: 0, file: 'ok', store: 'ok', log: 'ok' })
    expect(checks).toContainEqual({ what: 'log', state: 'ok', found: '1 events read, which is all' })
    expect(contents(dirname(file))).toEqual(before)
    // as where the two were copied
    rmSync(`${file}-shm`)
    const copied = await doctor(`sqlite:${file}`, dirname(file))
    expect(copied).toMatchObject({ code: 0, states: { store: 'warn' } })
    expect(copied.states).not.toHaveProperty('log')
    expect(readdirSync(dirname(file)).toSorted()).toEqual(['k.db', 'k.db-wal'])
    expect(contents(dirname(file))).toEqual(before)
  })

  it('looks for the log beside the file that a link leads to, of the store and of views', async () => {
    const [file, views, link] = [temporaryFile('k.db'), temporaryFile('v.db'), temporaryFile('link.db')]
    const folder = dirname(link)
    await killedStore(file)
    // all of it stands in its log
    schema1InLog(views)
    symlinkSync(file, link)
    symlinkSync(views, join(folder, 'keyfold-views.db'))
    const before = [file, views].map((one) => contents(dirname(one)))
    const { code, states, checks } = await doctor('sqlite:link.db', folder)
    expect({ code, ...states }).toMatchObject({ code: 0, store: 'ok', log: 'ok', views: 'ok' })
    expect(checks).toContainEqual({ what: 'file', state: 'ok', found: 'SQLite, with a WAL that is read with it' })
    expect([file, views].map((one) => contents(dirname(one)))).toEqual(before)
    // nobody's memory is left beside the link
    expect(readdirSync(folder).toSorted()).toEqual(['keyfold-views.db', 'link.db'])
  })

  const unmarked = 'PRAGMA application_id = 0; PRAGMA user_version = 0'
  const toJournal = 'PRAGMA journal_mode = DELETE'
  const marks = { what: 'marks', state: 'warn', found: expect.stringContaining('none') }

  it.each([
    ['that was taken out of WAL mode', toJournal, []],
    ['that was restored from a dump', `${unmarked}; ${toJournal}`, [marks]],
    ['without its marks in WAL mode', unmarked, [marks]]
  ])('looks into a store %s, and leaves it so', async (_, statements, found) => {
    const file = temporaryFile('k.db')
    await keyfoldHere([...reserve('order-1', 'c-1'), '--store', `sqlite:${file}`])
    executed(file, statements)
    const before = contents(dirname(file))
    const { code, states, checks } = await doctor(`sqlite:${file}`, dirname(file))
    expect({ code, ...states }).toMatchObject({ code: 0, file: 'ok', store: 'ok', log: 'ok' })
    expect(checks.filter(({ what }: { what: string }) => what === 'marks')).toMatchObject(found)
    expect(contents(dirname(file))).toEqual(before)
  })

  it.each([
    ['of something else without marks', 'CREATE TABLE t (x)', 'store'],
    ['of something else in WAL mode', 'PRAGMA journal_mode = WAL; CREATE TABLE t (x)', 'store'],
    ['of something else with a version', 'CREATE TABLE t (x); PRAGMA user_version = 2', 'file'],
    ['that lost its version alone', 'CREATE TABLE t (x); PRAGMA application_id = 1801812326', 'file']
  ])('refuses a database %s, and leaves it so', async (_, statements, what) => {
    const file = temporaryFile('k.db')
    executed(file, statements)
    const before = contents(dirname(file))
    const { code, states } = await doctor(`sqlite:${file}`, dirname(file))
    expect([code, what, states[what]]).toEqual([4, what, 'fail'])
    expect(contents(dirname(file))).toEqual(before)
  })

  it('migrates no store of an earlier schema, be it folded in or in its log', async () => {
    const [plain, logged] = [frozen('all-events.v1'), temporaryFile('k.db')]
    schema1InLog(logged)
    for (const [file, what] of [
      [plain, 'file'],
      [logged, 'store']
    ] as const) {
      const before = contents(dirname(file))
      const { states, checks } = await doctor(`sqlite:${file}`, dirname(file))
      expect([what, states[what]]).toEqual([what, 'warn'])
      expect(JSON.stringify(checks)).toContain('migrates it')
      expect(contents(dirname(file))).toEqual(before)
    }
  })

  it('looks into nothing that a journal would be rolled back in', async () => {
    const file = temporaryFile('k.db')
    await keyfoldHere([...reserve('order-1', 'c-1'), '--store', `sqlite:${file}`])
    writeFileSync(`${file}-journal`, 'a journal')
    const before = contents(dirname(file))
    const { states } = await doctor(`sqlite:${file}`, dirname(file))
    expect(states).toMatchObject({ file: 'warn' })
    expect(states).not.toHaveProperty('store')
    expect(contents(dirname(file))).toEqual(before)
  })
})
