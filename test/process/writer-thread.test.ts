import { describe, expect, it } from 'vitest'
import { program, type StartOptions, start } from '../support/child.ts'
import { temporaryFile } from '../support/temporary-file.ts'

const child = program('test/process/thread-child.ts')

type Said = { readonly written?: number; readonly end?: string; readonly warning?: string; readonly refused?: string }

/** All that a process said that used a store, and ended by itself. */
const saidBy = async (how: string, options?: StartOptions): Promise<ReadonlyArray<Said>> => {
  const process = start<Said>(child, { file: temporaryFile('store.db'), how }, options)
  await process.end()
  return process.said
}

const written = Array(20).fill({ written: 64 })

/** Native code and files are allowed, and threads are not. */
const [major = 0] = process.versions.node.split('.').map(Number)
const permission = major >= 23 ? '--permission' : '--experimental-permission'
const noThreads = {
  through: [
    'sh',
    '-c',
    `node=$1; shift; exec "$node" ${permission} --allow-addons --allow-fs-read='*' --allow-fs-write='*' "$@"`,
    'sh'
  ]
} as const

describe('a process with a writer thread', () => {
  it('ends where nobody disposed of its store, with all that was asked for answered', async () => {
    expect(await saidBy('forget')).toEqual([...written, { end: 'forget' }])
  })

  it('may be a thread itself', async () => {
    expect(await saidBy('within a worker')).toEqual([...written, { end: 'worker' }])
  })
})

describe('a process that may not start threads', () => {
  it('writes without one, and says so once', async () => {
    const said = await saidBy('auto', noThreads)
    expect(said.filter(({ warning }) => warning === undefined)).toEqual([...written, { end: 'auto' }])
    expect(said.filter(({ warning }) => warning?.startsWith('KEYFOLD'))).toEqual([
      { warning: 'KEYFOLD_NO_WRITER_THREAD' }
    ])
  })

  it('cannot open a store that wants one, and is told why', async () => {
    const said = await saidBy('worker', noThreads)
    expect(said.at(-1)?.refused).toMatch(/the writer thread cannot be started: Access to this API has been restricted/)
  })
})
