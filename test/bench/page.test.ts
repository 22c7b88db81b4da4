import { describe, expect, it } from 'vitest'
import { measured, notRun } from '../../bench/harness/figure.ts'
import { pageWith } from '../../bench/harness/page.ts'
import type { Result } from '../../bench/harness/result.ts'
import { rowsOf } from '../../bench/harness/row.ts'
import { read } from '../support/documents.ts'

const resultWith = (value: number, because = 'no Redis'): Result => ({
  date: '2026-11-26',
  machine: {
    processor: 'a processor',
    cores: 2,
    memoryBytes: 8e9,
    node: 'v20.20.2',
    system: 'Linux 6',
    fileSystem: 'ext4',
    load: 0.25
  },
  sections: [
    {
      name: 'one',
      about: 'about one',
      rows: rowsOf({ name: 'one', goals: { rate: { atLeast: 1 }, peer: { atLeast: 1 } } }, (what) =>
        what === 'peer' ? notRun(because) : measured({ measured: '2/s', reference: '1/s', value })
      )
    }
  ]
})

const page = read('docs/reference/performance.md')
const [before = '', after = ''] = [page.split('<!-- figures')[0], page.split('<!-- end of figures -->')[1]]

describe('the page that a run writes', () => {
  it('what people wrote around the figures stays', () => {
    const written = pageWith(page, resultWith(2))
    expect(before.length).toBeGreaterThan(500)
    expect(written.startsWith(before)).toBe(true)
    expect(written.endsWith(`<!-- end of figures -->${after}`)).toBe(true)
  })
  it('the figures of the run before are gone', () => {
    const once = pageWith(page, resultWith(2))
    const twice = pageWith(once, resultWith(0.5))
    expect(once).toContain('| rate | 2/s | 1/s | 2.00 | at least 1 | met |')
    expect(twice).toContain('| rate | 2/s | 1/s | 0.500 | at least 1 | **missed** |')
    expect(twice).not.toContain('| met |')
    expect(pageWith(twice, resultWith(2))).toBe(once)
  })
  it('says what was not run and why, the date, the machine and how it ended', () => {
    const written = pageWith(page, resultWith(2))
    expect(written).toContain('| peer | no Redis |  |  | at least 1 | **not run** |')
    for (const fact of ['2026-11-26', 'a processor', '8000 MB', 'v20.20.2', 'Linux 6', 'ext4']) {
      expect(written).toContain(`| ${fact} |`)
    }
    expect(written).toContain('1 goals met, 0 missed; 1 figures not run.')
  })
  it('a message cannot break the table', () =>
    expect(pageWith(page, resultWith(2, 'a | b\nc'))).toContain('| peer | a \\| b c |  |'))
  it('figures of a short run or a busy machine say so before anything else', () => {
    const written = pageWith(page, { ...resultWith(2), caution: 'taken on a busy machine' })
    expect(written).toContain('not by hand -->\n\n**These figures were taken on a busy machine.**')
  })
  it('a page without its place is not written over', () =>
    expect(() => pageWith('# Performance', resultWith(2))).toThrow('no place for figures'))
})
