import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandLine } from '../../../support/cli.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

const exporting = async (...args: ReadonlyArray<string>) => {
  const { run } = commandLine()
  const key = ['--operation=op', '--key=k', '--owner=me', '--fingerprint=f', '--lease=none']
  expect(await run(['reserve', ...key])).toMatchObject({ code: 0 })
  return run(['export', ...args])
}

const modeOf = (file: string): string => (statSync(file).mode & 0o7777).toString(8)
const recordsIn = (file: string): number => Object.keys(JSON.parse(readFileSync(file, 'utf8')).records).length

/** Refused in two lines, and not a byte of what is there has changed. */
const refusedWith = async (cause: string, file: string, ...options: ReadonlyArray<string>): Promise<void> => {
  const before = readdirSync(dirname(file))
  const { code, stdout, stderr } = await exporting(file, ...options)
  expect({ code, stdout }).toEqual({ code: 10, stdout: '' })
  expect(stderr).toMatch(/^error: InvalidInput: [^\n]+\nwhat to do: [^\n]+\n$/)
  expect(stderr).toContain(`${file} ${cause}`)
  expect(readdirSync(dirname(file))).toEqual(before)
}

describe('an export to a file', () => {
  it('is for the eyes of its owner alone: it holds keys and outcomes', async () => {
    const file = temporaryFile('keys.json')
    expect(await exporting(file)).toMatchObject({ code: 0 })
    expect({ mode: modeOf(file), records: recordsIn(file) }).toEqual({ mode: '600', records: 1 })
    expect(readdirSync(dirname(file))).toEqual(['keys.json'])
    const forced = temporaryFile('keys.json')
    expect(await exporting(forced, '--force')).toMatchObject({ code: 0 })
    expect(modeOf(forced)).toBe('600')
  })
  for (const mode of ['600', '640', '644', '664', '200', '777']) {
    it(`keeps the mode of a file that it replaces: ${mode}`, async () => {
      const file = temporaryFile('keys.json')
      writeFileSync(file, 'mine')
      chmodSync(file, Number.parseInt(mode, 8))
      await refusedWith('is there already; --force replaces it', file)
      expect(readFileSync(file, 'utf8')).toBe('mine')
      expect(await exporting(file, '--force')).toMatchObject({ code: 0 })
      expect({ mode: modeOf(file), records: recordsIn(file) }).toEqual({ mode, records: 1 })
    })
  }
  it('leaves a read-only file alone, even with --force', async () => {
    const file = temporaryFile('keys.json')
    writeFileSync(file, 'mine')
    chmodSync(file, 0o444)
    await refusedWith('is read-only', file, '--force')
    expect(readFileSync(file, 'utf8')).toBe('mine')
  })
  it('goes where a link leads, and the link stays', async () => {
    const link = temporaryFile('link.json')
    const real = temporaryFile('real.json')
    writeFileSync(real, 'mine')
    symlinkSync(real, link)
    await refusedWith('is there already; --force replaces it', link)
    expect(await exporting(link, '--force')).toMatchObject({ code: 0 })
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(recordsIn(real)).toBe(1)
    expect(readdirSync(dirname(link))).toEqual(['link.json'])
    expect(readdirSync(dirname(real))).toEqual(['real.json'])
  })
  for (const options of [[], ['--force']]) {
    it(`is refused where a link leads nowhere ${options.join('')}`, async () => {
      const link = temporaryFile('link.json')
      symlinkSync('nowhere.json', link)
      await refusedWith('is a link that leads nowhere', link, ...options)
      expect(lstatSync(link).isSymbolicLink()).toBe(true)
    })
    it(`is refused where a folder is, and where a pipe is: it would take its place ${options.join('')}`, async () => {
      const folder = temporaryFile('folder')
      mkdirSync(folder)
      await refusedWith('is a folder', folder, ...options)
      const pipe = temporaryFile('pipe')
      execFileSync('sh', ['-c', 'mkfifo "$0"', pipe])
      await refusedWith('is not a regular file; leave it out, and redirect stdout', pipe, ...options)
      expect(statSync(pipe).isFIFO()).toBe(true)
    })
    it(`is refused by a name that is none ${options.join('')}`, async () => {
      const { code, stderr } = await exporting('', ...options)
      expect({ code, stderr }).toMatchObject({ code: 10, stderr: expect.stringContaining('an empty text is no name') })
    })
    it(`says so where there is no such folder ${options.join('')}`, async () => {
      const file = join(dirname(temporaryFile('x')), 'no', 'keys.json')
      const { code, stderr } = await exporting(file, ...options)
      expect(code).toBe(10)
      expect(stderr).toContain(`${file} could not be written (ENOENT): its folder does not exist`)
    })
  }
  it('goes to stdout where it is named -, as where no file is named', async () => {
    const { code, stdout, stderr } = await exporting('-')
    expect({ code, stderr, named: existsSync('-') }).toEqual({ code: 0, stderr: '', named: false })
    expect(Object.keys(JSON.parse(stdout).records)).toHaveLength(1)
  })
  it('never takes the place of the store that it is of, whatever that goes by', async () => {
    const store = temporaryFile('k.db')
    const folder = dirname(store)
    for (const name of ['k.db', 'k.db-wal', 'k.db-shm']) writeFileSync(join(folder, name), name)
    const link = join(folder, 'link.db')
    symlinkSync(store, link)
    const hard = join(folder, 'hard.db')
    linkSync(store, hard)
    const far = temporaryFile('far')
    symlinkSync(folder, far)
    const targets = [store, `${store}-wal`, `${store}-shm`, `${store}-journal`, link, hard, join(far, 'k.db')]
    for (const target of [...targets, join(far, 'k.db-journal')]) {
      for (const address of [store, link, join(far, 'k.db')]) {
        for (const force of [[], ['--force']]) {
          await refusedWith('is of the store itself', target, `--store=sqlite:${address}`, ...force)
        }
      }
    }
    for (const name of ['k.db', 'k.db-wal', 'k.db-shm']) expect(readFileSync(join(folder, name), 'utf8')).toBe(name)
    const other = join(folder, 'k.db-export')
    expect(await exporting(other, `--store=sqlite:${store}`)).toMatchObject({ code: 0 })
    expect(await exporting(store, '--store=memory:', '--force')).toMatchObject({ code: 0 })
  })
  it('may have a name as long as names may be', async () => {
    const file = temporaryFile(`${'n'.repeat(250)}.json`)
    expect(await exporting(file)).toMatchObject({ code: 0 })
    expect(readdirSync(dirname(file))).toEqual([basename(file)])
  })
})
