import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { begin, commandLine } from '../../../support/cli.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

const formula = '=cmd|" /C calc"!A0'
const secret = 'SECRET-CLAIM'

const keyed = (key: string, org = 'acme') => [`--org=${org}`, '--workspace=shop', '--operation=op', `--key=${key}`]
const reserve = (key: string, org?: string) => [
  'reserve',
  ...keyed(key, org),
  '--owner=-1',
  '--fingerprint=fp',
  '--lease=none',
  `--claim-id=${secret}-${key}`
]

/** A key that was completed, one of another organisation, and one whose name is a formula. */
const filled = async () => {
  const world = commandLine()
  await world.run(reserve('a'))
  await world.run(['complete', '--by-key-unfenced', ...keyed('a'), '--outcome=done', '--details={"n":[1,"=x"]}'])
  await world.run(reserve('b', 'other'))
  await world.run(reserve(formula))
  await world.run(reserve('a'))
  return world
}

const linesOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
const rowsOf = (text: string): ReadonlyArray<{ readonly [column: string]: string }> =>
  parse(text, { columns: true, record_delimiter: '\r\n' })

describe('records', () => {
  it('are JSON lines as list --json has them', async () => {
    const { run } = await filled()
    const { code, stdout } = await run(['export', '--format=ndjson'])
    expect(code).toBe(0)
    expect(linesOf(stdout)).toEqual(JSON.parse((await run(['list', '--json'])).stdout).records)
  })
  it('are rows of CSV with every field, in which no text is a formula', async () => {
    const { run } = await filled()
    const { stdout } = await run(['export', '--format=csv'])
    const records = linesOf((await run(['export', '--format=ndjson'])).stdout)
    const rows = rowsOf(stdout)
    expect(rows.map(({ record_id }) => record_id)).toEqual(records.map(({ record_id }) => record_id))
    const [a, weird] = ['a', `'${formula}`].map((key) => rows.find((row) => row['key'] === key))
    expect(a).toMatchObject({
      org_id: 'acme',
      owner: "'-1",
      status: 'completed',
      outcome_kind: 'done',
      details: '{"n":[1,"=x"]}',
      first_seen_at_ms: String(begin),
      duplicate_count: '1',
      expires_at_ms: ''
    })
    expect(weird).toBeDefined()
    const members = new Set(records.flatMap((record) => Object.keys(record)))
    // objects within a record are columns of their own
    for (const name of [...members].filter((one) => !['schema_version', 'tenant_context', 'outcome'].includes(one))) {
      expect(rows[0]).toHaveProperty(name)
    }
  })
  it('are narrowed by tenant and by when they were seen last', async () => {
    const { run } = await filled()
    const keys = async (...args: ReadonlyArray<string>) =>
      linesOf((await run(['export', '--format=ndjson', ...args])).stdout || '[]').map(({ key }) => key)
    expect(await keys('--org=other')).toEqual(['b'])
    expect((await keys(`--from=${begin + 3000}`)).sort()).toEqual([formula, 'a'].sort())
    expect(await keys(`--until=${begin + 3000}`)).toEqual(['b'])
    const file = JSON.parse((await run(['export', '--org=other'])).stdout)
    expect(Object.values(file.records)).toMatchObject([{ key: 'b' }])
  })
})

describe('events', () => {
  it('are JSON lines as history --json has them, with their record id, in the order of the log', async () => {
    const { run } = await filled()
    const lines = linesOf((await run(['export', '--what=events'])).stdout)
    expect(lines.map(({ type }) => type)).toEqual(['Reserved', 'Completed', 'Reserved', 'Reserved', 'DuplicateSeen'])
    const { events } = JSON.parse((await run(['history', ...keyed('a'), '--json'])).stdout)
    const id = lines[0].record_id
    expect(lines.filter(({ record_id }) => record_id === id)).toEqual(
      events.map((event: object) => ({ record_id: id, ...event }))
    )
  })
  it('are rows of CSV', async () => {
    const { run } = await filled()
    const rows = rowsOf((await run(['export', '--what=events', '--format=csv'])).stdout)
    expect(rows).toMatchObject([
      { type: 'Reserved', revision: '0', key: 'a', org_id: 'acme', owner: "'-1", epoch: '1' },
      { type: 'Completed', revision: '1', outcome_kind: 'done', key: '' },
      { type: 'Reserved', org_id: 'other' },
      { type: 'Reserved', key: `'${formula}` },
      { type: 'DuplicateSeen', count: '1' }
    ])
    expect(JSON.parse(rows[1]?.['data'] ?? '').outcome.details).toEqual({ n: [1, '=x'] })
  })
  it('are narrowed by tenant and by when they were recorded', async () => {
    const { run } = await filled()
    const types = async (...args: ReadonlyArray<string>) =>
      (await run(['export', '--what=events', ...args])).stdout.match(/"type":"\w+"/g) ?? []
    expect(await types('--org=other')).toHaveLength(1)
    expect(await types('--org=acme', '--operation=op')).toHaveLength(4)
    expect(await types(`--from=${begin + 3000}`)).toHaveLength(2)
    expect(await types(`--until=${begin + 1000}`)).toHaveLength(1)
    expect(await types('--org=nobody')).toEqual([])
  })
  it('have no place in the file of the older system', async () => {
    const { code, stderr } = await (await filled()).run(['export', '--what=events', '--format=file'])
    expect(code).toBe(10)
    expect(stderr).toContain('no place for events')
  })
  it('that cannot be read are named, with exit code 3, or fail the run with --strict', async () => {
    const { run, store } = await filled()
    const [{ stream }] = linesOf((await run(['export', '--what=events'])).stdout)
    const garbage = { id: '00000000-0000-4000-8000-000000000001', type: 'Completed', data: '{}', metadata: '{}' }
    await store.append({ stream, expected: { _tag: 'Exactly', revision: 2n }, events: [garbage] })()
    const { code, stdout, stderr } = await run(['export', '--what=events'])
    expect(linesOf(stdout)).toHaveLength(5)
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringMatching(/^not read: idem_\w+, revision 3: /) })
    const file = temporaryFile('events.csv')
    expect(await run(['export', file, '--what=events', '--format=csv', '--strict'])).toMatchObject({ code: 23 })
    expect(readdirSync(dirname(file))).toEqual([])
  })
})

describe('an export', () => {
  const forms = ['records', 'events'].flatMap((what) => ['ndjson', 'csv'].map((format) => [what, format] as const))
  it.each(forms)('of %s as %s holds no claim id, and is private', async (what, format) => {
    const { run } = await filled()
    const file = temporaryFile('out')
    const { code, stdout } = await run(['export', file, `--what=${what}`, `--format=${format}`])
    const count = what === 'records' ? 3 : 5
    expect({ code, stdout }).toEqual({ code: 0, stdout: `exported ${count} ${what} to ${file}\n` })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file, 'utf8')).not.toContain(secret)
    expect(await run(['export', file, `--what=${what}`])).toMatchObject({ code: 10 })
  })
  it.each([...forms, ['records', 'file'] as const])(
    'of %s as %s is compressed where its name says so',
    async (what, format) => {
      const { run } = await filled()
      const form = [`--what=${what}`, `--format=${format}`]
      const file = temporaryFile('out.GZ')
      expect(await run(['export', file, ...form])).toMatchObject({ code: 0, stderr: '' })
      expect(gunzipSync(readFileSync(file)).toString()).toBe((await run(['export', ...form])).stdout)
    }
  )
  it('drives no terminal', async () => {
    const { run } = commandLine()
    await run(reserve('a\u001b[31m\u009b31m\u202ekey'))
    for (const form of forms) {
      const { stdout } = await run(['export', `--what=${form[0]}`, `--format=${form[1]}`], { isTTY: true })
      expect(stdout).toContain('key')
      expect(stdout).not.toMatch(/(?![\r\n])[\p{Cc}\p{Cf}]/u)
    }
  })
  it('under an identity secret is refused as the file of the older system alone', async () => {
    const { run } = await filled()
    const env = { KEYFOLD_IDENTITY_SECRET: 'a secret of some length' }
    expect(await run(['export'], { env })).toMatchObject({ code: 10, stdout: '' })
    expect(await run(['export', '--format=csv'], { env })).toMatchObject({ code: 0 })
    expect(await run(['export', '--what=events'], { env })).toMatchObject({ code: 0 })
  })
})
