import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bar, inkFor, sparkline } from '../../../../src/interfaces/cli/terminal/draw.ts'
import { commandLine } from '../../../support/cli.ts'

describe('what is drawn', () => {
  it('is a character for each number, as high as it is; what is anything is seen', () => {
    expect(sparkline([0, 1, 40, 80], 'fine')).toBe(' ▁▄█')
    expect(sparkline([0, 1, 40, 80], 'plain')).toBe(' .=@')
    expect(sparkline([], 'fine')).toBe('')
    expect(sparkline([0, 0], 'fine')).toBe('  ')
  })
  it('is a bar no longer than its room', () => {
    expect([bar(0, 9, 10, 'fine'), bar(1, 9000, 3, 'fine'), bar(9, 9, 3, 'plain')]).toEqual(['', '█', '###'])
    fc.assert(
      fc.property(fc.nat(1e6), fc.nat(1e6), fc.nat(50), (a, b, room) => {
        expect(bar(Math.min(a, b), Math.max(a, b), room, 'fine').length).toBeLessThanOrEqual(room)
      })
    )
  })
  it('is ASCII where no colour is wanted', () => {
    expect(inkFor({ NO_COLOR: '1' })).toBe('plain')
    expect(inkFor({ NO_COLOR: '' })).toBe('fine')
  })
})

describe('keyfold stats on a terminal', () => {
  const filled = async () => {
    const { run } = commandLine()
    for (let n = 0; n < 30; n++) {
      await run(['reserve', `--key=${n}`, '--operation=op', '--owner=me', '--fingerprint=f', '--lease=none'])
    }
    return run
  }
  it.each([40, 80, 100, 120, 200])('draws no line of times longer than %i columns', async (columns) => {
    const run = await filled()
    const { stdout } = await run(['stats', '--every=1s'], { isTTY: true, columns, env: { NO_COLOR: '1' } })
    const lines = stdout.split('\n')
    const line = lines.find((one) => /^[@ ]+$/.test(one)) ?? ''
    expect(line.length).toBe(Math.min(columns, 30))
    const drawn = lines.filter((one) => one.includes('#'))
    expect([0, 24]).toContain(drawn.length)
    if (columns >= 120) expect(drawn.length).toBe(24)
    for (const one of drawn) expect(one.length).toBeLessThanOrEqual(columns)
  })
  it('draws nothing where the terminal is dumb, or there is none', async () => {
    const run = await filled()
    for (const terminal of [{ isTTY: true, env: { TERM: 'dumb' } }, {}]) {
      expect((await run(['stats', '--every=1s'], terminal)).stdout).not.toMatch(/[#█▁@]/)
    }
  })
})
