import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Benchmark, measured } from '../../bench/harness/figure.ts'
import { sectionOf } from '../../bench/harness/section.ts'
import { temporaryFile } from '../support/temporary-file.ts'

const room = (): string => dirname(temporaryFile('room'))

const withRun = (run: Benchmark['run']): Benchmark => ({
  name: 'one',
  about: 'about one',
  goals: { fast: { atLeast: 1 }, small: { atMost: 1 } },
  run
})

describe('one benchmark', () => {
  it('tells its figures in the order in which it promised them, and leaves nothing behind', async () => {
    const where = room()
    let folder = ''
    const one = withRun(async (its) => {
      folder = its
      writeFileSync(join(its, 'store.db'), 'store')
      return { small: measured({ measured: '1', value: 1 }), fast: measured({ measured: '2', value: 2 }) }
    })
    const { rows, failed } = await sectionOf(one, where)
    expect(rows.map(({ what, verdict }) => [what, verdict])).toEqual([
      ['fast', 'met'],
      ['small', 'met']
    ])
    expect([failed, existsSync(folder), readdirSync(where)]).toEqual([undefined, false, []])
  })

  it('one that fails says why in every row, briefly, and leaves nothing behind', async () => {
    const where = room()
    const { rows, failed } = await sectionOf(
      withRun(() => Promise.reject(new Error(`no room ${'x'.repeat(1000)}`))),
      where
    )
    expect(rows.map(({ verdict }) => verdict)).toEqual(['not run', 'not run'])
    for (const { figure } of rows)
      expect(figure).toMatchObject({ because: expect.stringMatching(/^it failed: no room x+…$/) })
    expect(failed?.length).toBeLessThanOrEqual(200)
    expect(readdirSync(where)).toEqual([])
  })

  it('a figure that it promised and did not tell is not run', async () => {
    const { rows } = await sectionOf(
      withRun(async () => ({ fast: measured({ measured: '2', value: 2 }) })),
      room()
    )
    expect(rows.map(({ verdict }) => verdict)).toEqual(['met', 'not run'])
  })
})
