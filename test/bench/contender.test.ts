import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Contestant } from '../../bench/contenders/contender.ts'
import { type Started, startContender } from '../../bench/contenders/start.ts'
import { program } from '../support/child.ts'
import { temporaryFile } from '../support/temporary-file.ts'

const { file: built } = program('bench/contender-process.ts')

const withContender = async (
  over: Partial<Extract<Contestant, { _tag: 'Keyfold' }>>,
  work: (contender: Started) => Promise<void>
): Promise<void> => {
  const contestant = {
    _tag: 'Keyfold',
    dist: resolve('dist'),
    file: temporaryFile('a.db'),
    synchronous: 'FULL'
  } as const
  const contender = startContender({ ...contestant, ...over }, built)
  try {
    await work(contender)
  } finally {
    await contender.stop()
  }
}

const job = (kind: 'cycle' | 'replay', round: string) => ({ kind, round, atOnce: 4, total: 20, keys: 20 }) as const

describe('a contender in a process of its own', () => {
  it('a replay asks for what the cycles of its round wrote', () =>
    withContender({ recording: 'ignore' }, async ({ run }) => {
      expect(await run(job('cycle', 'a'))).toBeGreaterThan(0)
      expect(await run(job('replay', 'a'))).toBeGreaterThan(0)
      expect(await run({ ...job('replay', 'a'), total: 50 })).toBeGreaterThan(0)
    }))

  it('an answer that is not the one that is measured is no figure', () =>
    withContender({}, async ({ run }) => {
      await expect(run(job('replay', 'never written'))).rejects.toThrow('Keyfold: answered Reserved')
      await run(job('cycle', 'a'))
      await expect(run(job('cycle', 'a'))).rejects.toThrow('Keyfold: answered Duplicate')
    }))

  it('a package that is not there is said by the first job', () =>
    withContender({ dist: temporaryFile('no-dist') }, async ({ run }) => {
      await expect(run(job('cycle', 'a'))).rejects.toThrow('Cannot find module')
    }))

  it('a process that ends is not waited for, nor one that has ended', async () => {
    const ending = temporaryFile('ending.mjs')
    writeFileSync(ending, 'process.exit(3)')
    const contender = startContender({ _tag: 'NodeIdempotency', url: 'redis://127.0.0.1:1' }, ending)
    await expect(contender.run(job('cycle', 'a'))).rejects.toThrow('NodeIdempotency: its process ended')
    await expect(contender.run(job('cycle', 'a'))).rejects.toThrow('NodeIdempotency: its process ended')
    await contender.stop()
  })
})
