import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandLine, sink } from '../../../support/cli.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

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
