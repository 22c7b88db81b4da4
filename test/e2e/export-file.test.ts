import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { keyfold, program, type Ran } from '../support/keyfold.ts'
import { keyfoldHere } from '../support/keyfold-here.ts'
import { claimed, reserve } from '../support/story.ts'
import { temporaryFile } from '../support/temporary-file.ts'

/** A process on whose file system there are no hard links: link fails as it does there. */
const withoutLinks = (code: string, then = ''): string => {
  const preload = `
    import fs from 'node:fs/promises'
    import { syncBuiltinESMExports } from 'node:module'
    fs.link = async () => { throw Object.assign(new Error('no links here'), { code: '${code}' }) }
    ${then}
    syncBuiltinESMExports()`
  return `--import=data:text/javascript,${encodeURIComponent(preload)}`
}

const store = async (): Promise<string> => {
  const address = `sqlite:${temporaryFile('store.db')}`
  expect(await keyfoldHere([...reserve('order-1', 'c-1'), `--store=${address}`])).toMatchObject({ code: 0 })
  return address
}

const exporting = (KEYFOLD_STORE: string, NODE_OPTIONS: string, ...args: ReadonlyArray<string>): Promise<Ran> =>
  keyfold(['export', ...args], { env: { KEYFOLD_STORE, NODE_OPTIONS } })

/** The same in this process. */
const exportingHere = async (
  KEYFOLD_STORE: string,
  code: string,
  file: string,
  ...more: ReadonlyArray<string>
): Promise<Ran> => {
  const { link } = fs
  // a file that stands there is refused, or replaced, without a link
  const links = existsSync(file) ? 0 : 1
  let asked = 0
  fs.link = async () => {
    asked += 1
    throw Object.assign(new Error('no links here'), { code })
  }
  syncBuiltinESMExports()
  try {
    const ran = await keyfoldHere(['export', file, ...more], { env: { KEYFOLD_STORE } })
    expect(asked).toBe(links)
    return ran
  } finally {
    fs.link = link
    syncBuiltinESMExports()
  }
}

const recordsIn = (file: string): number => Object.keys(JSON.parse(readFileSync(file, 'utf8')).records).length

describe('an export where hard links do not work', () => {
  for (const code of ['EPERM', 'ENOTSUP', 'EXDEV', 'EMLINK']) {
    it(`is written whole all the same, and overwrites nothing: ${code}`, async () => {
      const address = await store()
      const file = temporaryFile('keys.json')
      const run = (...more: ReadonlyArray<string>): Promise<Ran> =>
        code === 'EPERM'
          ? exporting(address, withoutLinks(code), file, ...more)
          : exportingHere(address, code, file, ...more)
      expect(await run()).toMatchObject({ code: 0, stderr: '' })
      expect({ records: recordsIn(file), mode: statSync(file).mode & 0o777 }).toEqual({ records: 1, mode: 0o600 })
      writeFileSync(file, 'mine')
      chmodSync(file, 0o640)
      expect(await run()).toMatchObject({
        code: 10,
        stderr: expect.stringContaining(`${file} is there already; --force replaces it`)
      })
      expect(readFileSync(file, 'utf8')).toBe('mine')
      expect(await run('--force')).toMatchObject({ code: 0, stderr: '' })
      expect({ records: recordsIn(file), mode: statSync(file).mode & 0o777 }).toEqual({ records: 1, mode: 0o640 })
      expect(readdirSync(dirname(file))).toEqual(['keys.json'])
    })
  }

  it('leaves a file alone that came in the meantime', async () => {
    const file = temporaryFile('keys.json')
    const rival = `
      import { writeFileSync } from 'node:fs'
      fs.link = async () => {
        writeFileSync(${JSON.stringify(file)}, 'theirs')
        throw Object.assign(new Error('no links here'), { code: 'EPERM' })
      }`
    expect(await exporting(await store(), withoutLinks('EPERM', rival), file)).toMatchObject({
      code: 10,
      stderr: expect.stringContaining('is there already')
    })
    expect(readFileSync(file, 'utf8')).toBe('theirs')
    expect(readdirSync(dirname(file))).toEqual(['keys.json'])
  })

  it('leaves nothing behind where it cannot be renamed either', async () => {
    const file = temporaryFile('keys.json')
    const noRename = `fs.rename = async () => { throw Object.assign(new Error('no'), { code: 'EIO' }) }`
    expect(await exporting(await store(), withoutLinks('EPERM', noRename), file)).toMatchObject({
      code: 10,
      stderr: expect.stringContaining('could not be written (EIO)')
    })
    expect(readdirSync(dirname(file))).toEqual([])
  })
})

describe('an export that the disk takes only in part', () => {
  it('is told, and nothing stands under its name', async () => {
    const file = temporaryFile('keys.json')
    const address = await store()
    const where = { env: { KEYFOLD_STORE: address } }
    const outcome = ['--outcome=charged', '--details=@-']
    const input = JSON.stringify('x'.repeat(200_000))
    expect(
      await keyfoldHere(['complete', ...claimed('order-1', 'c-1'), ...outcome], { ...where, input })
    ).toMatchObject({
      code: 0
    })
    // of what is written over the limit the system takes a part at first; only what comes then is refused
    const limited = ['-c', 'trap "" XFSZ; ulimit -f 100; exec "$0" "$@"', process.execPath, program, 'export', file]
    const { status, stderr } = spawnSync('bash', limited, {
      env: { PATH: process.env['PATH'], ...where.env },
      encoding: 'utf8'
    })
    expect({ status, stderr }).toEqual({
      status: 10,
      stderr: expect.stringContaining(`InvalidInput: ${file} could not be written (EFBIG)`)
    })
    expect(readdirSync(dirname(file))).toEqual([])
  })
})
