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
