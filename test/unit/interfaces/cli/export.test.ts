import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandLine, sink } from '../../../support/cli.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

/** What drives a terminal, turns text around and looks like nothing. */
const hostile = 'a\u009b31mkey\u202e\u2028z'
const reserve = ['reserve', '--operation=op', '--owner=me', '--fingerprint=fp', '--lease=none', `--key=${hostile}`]

describe('what a key holds', () => {
  it('drives no terminal when it is exported to one, and is the same key when that is read', async () => {
    const { run } = commandLine()
    await run(reserve)
    const [shown, piped] = [await run(['export'], { isTTY: true }), await run(['export'])]
    expect(shown.stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}]/u)
    expect(JSON.parse(shown.stdout)).toEqual(JSON.parse(piped.stdout))
  })
  it('breaks no line of JSON for those that split at other line ends', async () => {
    const { run } = commandLine()
    const key = { tenant: { org_id: 'o', workspace_id: 'w' }, operation: 'op', key: hostile }
    const line = { op: 'reserve', ...key, owner: 'me', request_fingerprint: 'fp\u0085\u2029x' }
    const batch = await run(['batch'], { stdin: JSON.stringify(line) })
    const listed = await run(['list', '--json'])
    for (const { stdout } of [batch, listed]) {
      expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      expect(stdout).toContain('\\u2028')
    }
    expect(JSON.parse(batch.stdout).record).toMatchObject({ key: hostile, request_fingerprint: 'fp\u0085\u2029x' })
  })
})

/** A command line on whose ledger one key is in flight, one completed after a doubt, and `count` are in doubt. */
const inDoubt = async (count: number) => {
  const { run } = commandLine()
  const reserved = async (key: string) => {
    const args = ['reserve', '--operation=op', '--owner=me', '--fingerprint=fp', '--lease=none', `--key=${key}`]
    return (await run([...args, '--json'])).stdout
  }
  await reserved('in flight')
  const over = await reserved('over')
  await run(['in-doubt', '--claim', over])
  expect(await run(['complete', '--claim', over, '--outcome=ok'])).toMatchObject({ code: 0 })
  const ids: Array<string> = []
  for (let key = 0; key < count; key++) {
    const claim = await reserved(`${key}`)
    expect(await run(['in-doubt', '--claim', claim, '--note=timed out'])).toMatchObject({ code: 0 })
    ids.push(JSON.parse(claim).claim.record_id)
  }
  return { run, ids }
}

describe('a key in doubt, for which the file has no place', () => {
  it('is named, and is an exit code: the file holds it as in flight', async () => {
    const { run, ids } = await inDoubt(1)
    const file = temporaryFile('keys.json')
    const stderr = `in doubt: ${ids[0]} is written as in flight, without its doubt\n`
    expect(await run(['export'])).toMatchObject({ code: 3, stderr })
    const toFile = await run(['export', file, '--json'])
    expect(toFile).toMatchObject({ code: 3, stderr })
    expect(JSON.parse(toFile.stdout)).toEqual({ exported: 3, file, in_doubt: ids, in_doubt_count: 1 })
    expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')).records)).toHaveLength(3)
  })
  it('is one of many: the first hundred are named, the others counted', async () => {
    const { run } = await inDoubt(102)
    const lines = (await run(['export'])).stderr.trimEnd().split('\n')
    expect(lines).toHaveLength(101)
    expect(lines.at(-1)).toBe('… and 2 more')
  })
  it('keeps a strict export from being written', async () => {
    const { run, ids } = await inDoubt(1)
    const file = temporaryFile('keys.json')
    for (const to of [[], [file]]) {
      const { code, stdout, stderr } = await run(['export', ...to, '--strict'])
      expect({ code, stdout }).toEqual({ code: 10, stdout: '' })
      expect(stderr).toContain(`keys in doubt: 1, which the file has no place for; the first is ${ids[0]}`)
    }
    expect(readdirSync(dirname(file))).toEqual([])
  })
  it('is nowhere told of where there is none', async () => {
    const { run } = await inDoubt(0)
    expect(await run(['export', '--strict'])).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('an export that is stopped half-way', () => {
  /** Pieces in the middle of which whoever was to read stdout goes away. */
  const interrupted = () => {
    const { output } = sink()
    const gone = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })
    function* writeRecords(): Generator<string> {
      for (let piece = 0; piece < 100; piece++) {
        if (piece === 50) output.destroy(gone)
        yield 'x'.repeat(100_000)
      }
    }
    return commandLine({ stdout: output, writeRecords })
  }

  for (const force of [[], ['--force']]) {
    it(`leaves no piece behind ${force.join('')}`, async () => {
      const file = temporaryFile('keys.json')
      const { code, stderr } = await interrupted().run(['export', file, ...force])
      expect({ code, stderr }).toEqual({ code: 141, stderr: '' })
      expect(readdirSync(dirname(file))).toEqual([])
    })
  }
  it('leaves the file as it was', async () => {
    const file = temporaryFile('keys.json')
    writeFileSync(file, 'mine')
    await interrupted().run(['export', file, '--force'])
    expect(readFileSync(file, 'utf8')).toBe('mine')
    expect(readdirSync(dirname(file))).toEqual(['keys.json'])
  })
})
