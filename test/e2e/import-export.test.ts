import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { conformanceFolder } from '../support/conformance.ts'
import { keyfold, start } from '../support/keyfold.ts'
import { keyfoldHere } from '../support/keyfold-here.ts'
import { fileOf } from '../support/story.ts'

const folder = mkdtempSync(join(tmpdir(), 'keyfold-import-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** So many, and so large, that SQLite writes to its log before it commits, and that neither export nor list fits a pipe. */
const count = 400
const large = fileOf(count)
  .replaceAll('n'.repeat(300), 'n'.repeat(11_000))
  .replaceAll('"owner":"web-1"', `"owner":"${'w'.repeat(1000)}"`)
const file = join(folder, 'keys.json')
const full = `sqlite:${join(folder, 'full.db')}`

const fresh = (() => {
  let made = 0
  return (name: string): string => join(folder, `${++made}-${name}`)
})()

const recordsIn = (path: string): object => JSON.parse(readFileSync(path, 'utf8')).records

const found = async (store: string): Promise<unknown> => {
  const { code, stdout } = await keyfoldHere(['list', '--json', '--limit=0', '--store', store])
  return code === 18 ? 0 : JSON.parse(stdout).found
}

beforeAll(async () => {
  writeFileSync(file, large)
  const { code, stdout } = await keyfold(['import', file, '--store', full, '--json'])
  expect({ code, answer: JSON.parse(stdout) }).toEqual({
    code: 0,
    answer: { imported: count, skipped: 0, records: count }
  })
})

describe('what is imported', () => {
  it('is exported equal, and imported from there equal again', async () => {
    const exported = fresh('exported.json')
    expect(await keyfold(['export', exported, '--store', full])).toEqual({
      code: 0,
      signal: null,
      stdout: `exported ${count} records to ${exported}\n`,
      stderr: ''
    })
    expect(recordsIn(exported)).toEqual(recordsIn(file))
    const again = `sqlite:${fresh('again.db')}`
    expect(await keyfoldHere(['import', exported, '--store', again])).toMatchObject({ code: 0 })
    const { stdout } = await keyfold(['export', '--store', again])
    expect(stdout).toBe(readFileSync(exported, 'utf8'))
  })

  it('is skipped where it stands already', async () => {
    expect(await keyfoldHere(['import', file, '--store', full])).toMatchObject({
      code: 0,
      stdout: `imported 0, skipped ${count} that stood already\n`
    })
  })

  it('is all of a file or nothing of it, and what stood before stays', async () => {
    const store = `sqlite:${fresh('refused.db')}`
    const small = fresh('small.json')
    const fromStdin = await keyfold(['import', '-', '--store', store], { input: fileOf(3) })
    expect(fromStdin).toMatchObject({ code: 0, stdout: 'imported 3, skipped 0 that stood already\n' })
    const altered = fileOf(5).replace('"owner":"web-1"', '"owner":"web-2"')
    const broken = fileOf(5).replace(/"conflict_count":0\}\}\}$/, '"conflict_count":9007199254740993}}}')
    for (const [text, cause] of [
      [altered, /idem_\w{64} is held already, and differs/],
      [broken, /the integer 9007199254740993 is beyond .* \(at \$\.records\.idem_\w{64}\.conflict_count\)/]
    ] as const) {
      writeFileSync(small, text)
      const refused = await keyfoldHere(['import', small, '--store', store])
      expect(refused).toMatchObject({ code: 24, stdout: '', stderr: expect.stringMatching(cause) })
      expect(refused.stderr).not.toContain('order-')
    }
    expect(await found(store)).toBe(3)
  })

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGKILL', null]
  ] as const) {
    it(`is all or nothing where ${signal} comes while it is written, and can be imported again`, async () => {
      const path = fresh('stopped.db')
      const store = `sqlite:${path}`
      const { child, ended } = start(['import', file, '--store', store])
      await vi.waitFor(() => expect(statSync(`${path}-wal`).size).toBeGreaterThan(300_000), {
        timeout: 60_000,
        interval: 2
      })
      child.kill(signal)
      expect((await ended).code).toBe(code)
      const there = await found(store)
      expect([0, count]).toContain(there)
      expect(await keyfoldHere(['import', file, '--store', store])).toMatchObject({ code: 0 })
      expect(await found(store)).toBe(count)
    })
  }

  it('is nothing where a signal comes while the file is read', async () => {
    const store = `sqlite:${fresh('reading.db')}`
    const { child, ended } = start(['import', '-', '--store', store])
    child.stdin.write(readFileSync(file).subarray(0, 1_000_000))
    await vi.waitFor(() => expect(child.stdin.writableLength).toBe(0), { timeout: 60_000, interval: 2 })
    // its input stays open: an end of it that came first would be another story
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({
      code: 143,
      stdout: '',
      stderr: expect.stringMatching(/^error: Aborted: .*\nwhat to do: .*\n$/)
    })
    expect(await found(store)).toBe(0)
  })
})

describe('export', () => {
  it('leaves a file alone that is there already, unless it is forced', async () => {
    const target = fresh('there.json')
    writeFileSync(target, 'mine')
    expect(await keyfoldHere(['export', target, '--store', full])).toMatchObject({
      code: 10,
      stdout: '',
      stderr: expect.stringContaining(`${target} is there already; --force replaces it`)
    })
    expect(readFileSync(target, 'utf8')).toBe('mine')
    expect(await keyfoldHere(['export', target, '--force', '--store', full])).toMatchObject({ code: 0 })
    expect(Object.keys(recordsIn(target))).toHaveLength(count)
  })

  it('says where it cannot write, and leaves nothing there', async () => {
    const { code, stderr } = await keyfoldHere(['export', join(folder, 'no', 'x.json'), '--store', full])
    expect({ code, stderr }).toMatchObject({
      code: 10,
      stderr: expect.stringContaining('could not be written (ENOENT)')
    })
  })

  for (const command of ['export', 'list']) {
    it(`to a reader that has seen enough (${command} | head) ends quietly`, async () => {
      const { child, ended } = start([command, '--store', full])
      await once(child.stdout, 'data')
      child.stdout.destroy()
      expect(await ended).toMatchObject({ code: 141, stderr: '' })
    })
  }
})

it('every file of the predecessor that is refused leaves no trace', async () => {
  const store = `sqlite:${fresh('empty.db')}`
  const refused = await keyfoldHere(['import', resolve(conformanceFolder, 'files/42-truncated.json'), '--store', store])
  expect(refused).toMatchObject({ code: 24, stdout: '' })
  const newer = await keyfoldHere(['import', resolve(conformanceFolder, 'files/20-v99.json'), '--store', store])
  expect(newer).toMatchObject({ code: 22, stderr: expect.stringContaining('99 is newer than supported version 1') })
  expect(await found(store)).toBe(0)
})
