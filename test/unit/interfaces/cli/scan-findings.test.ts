import { readFileSync } from 'node:fs'
import * as TE from 'fp-ts/TaskEither'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../../src/adapters/memory/event-store.ts'
import type { TaskLedger } from '../../../../src/application/ledger.ts'
import type { UnreadableStream } from '../../../../src/application/stream/scan.ts'
import type { ListFilter } from '../../../../src/application/use-cases/list.ts'
import { createLedger } from '../../../../src/composition/ledger.ts'
import { failure } from '../../../../src/domain/failure.ts'
import { commandLine } from '../../../support/cli.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

const idOf = (number: number): string => `idem_${String(number).padStart(64, '0')}`

const broken = (number: number, revision?: bigint): UnreadableStream => ({
  recordId: idOf(number),
  stream: `idempotency-${idOf(number)}`,
  ...(revision === undefined ? {} : { revision }),
  failure: failure('CorruptStream', 'the hash does not fit', { recordId: idOf(number) })
})

/** A ledger with one record, in whose log there are streams that cannot be read, and some of others. */
const scanning = (unreadable: ReadonlyArray<UnreadableStream>, foreign: ReadonlyArray<string> = []) => {
  const real = createLedger({ store: memoryStore() }).taskEither
  const asked: Array<ListFilter> = []
  const ledger: TaskLedger = {
    ...real,
    list: (filter = {}) => {
      asked.push(filter)
      for (const stream of foreign) filter.onForeign?.(stream)
      if (filter.onUnreadable === undefined && unreadable[0] !== undefined) return TE.left(unreadable[0].failure)
      for (const stream of unreadable) filter.onUnreadable?.(stream)
      return real.list({ ...filter, onUnreadable: undefined, onForeign: undefined })
    }
  }
  const { run } = commandLine({ openLedger: () => TE.right({ ledger, dispose: async () => {} }) })
  const key = ['--operation=op', '--key=k', '--owner=me', '--fingerprint=f', '--lease=none']
  return {
    asked,
    run: async (...args: ReadonlyArray<string>) => {
      expect(await run(['reserve', ...key])).toMatchObject({ code: 0 })
      return run(args)
    }
  }
}

const commands = [['list'], ['export']] as const

describe('a stream that cannot be read', () => {
  for (const command of commands) {
    it(`is named by record id and revision, ends nothing, and is an exit code: ${command}`, async () => {
      const { run } = scanning([broken(1, 5n), broken(2)])
      const { code, stdout, stderr } = await run(...command)
      expect(code).toBe(3)
      expect(stdout).toContain('op')
      expect(stderr).toBe(
        `not read: ${idOf(1)}, revision 5: CorruptStream: the hash does not fit\n` +
          `not read: ${idOf(2)}: CorruptStream: the hash does not fit\n`
      )
    })
    it(`ends the run with --strict, and nothing is answered: ${command}`, async () => {
      const { run } = scanning([broken(1, 5n)])
      const { code, stdout, stderr } = await run(...command, '--strict')
      expect({ code, stdout }).toEqual({ code: 23, stdout: '' })
      expect(stderr).toMatch(/^error: CorruptStream: the hash does not fit\nwhat to do: .+\n$/)
    })
    it(`is one of very many: the first hundred are named, the others counted: ${command}`, async () => {
      const { run } = scanning(Array.from({ length: 100_000 }, (_, number) => broken(number, 1n)))
      const { code, stderr } = await run(...command)
      expect(code).toBe(3)
      const lines = stderr.trimEnd().split('\n')
      expect(lines).toHaveLength(101)
      expect(lines.at(-1)).toBe('… and 99900 more')
    })
  }
  it('is in the JSON document too, of list and of export to a file, which holds the others', async () => {
    const unreadable = [
      {
        record_id: idOf(1),
        stream: `idempotency-${idOf(1)}`,
        revision: 5,
        error: { tag: 'CorruptStream', message: 'the hash does not fit' }
      }
    ]
    const listed = await scanning([broken(1, 5n)]).run('list', '--json')
    expect(JSON.parse(listed.stdout)).toMatchObject({ found: 1, unreadable, unreadable_count: 1 })
    const file = temporaryFile('keys.json')
    const exported = await scanning([broken(1, 5n)]).run('export', file, '--json')
    expect(exported).toMatchObject({ code: 3, stderr: expect.stringContaining(idOf(1)) })
    expect(JSON.parse(exported.stdout)).toEqual({ exported: 1, file, unreadable, unreadable_count: 1 })
    expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')).records)).toHaveLength(1)
  })
  it('does not hide that the file could not be written', async () => {
    const { run } = scanning([broken(1)])
    expect(await run('export', '/nowhere/keys.json')).toMatchObject({ code: 10 })
  })
})

describe('a stream of others whose name begins as ours do', () => {
  for (const command of commands) {
    it(`is skipped by name, and is no failure, --strict or not: ${command}`, async () => {
      for (const options of [[], ['--strict']]) {
        const { run } = scanning([], ['idempotency-idem_notes', 'idempotency-idem_\u001b[31m'])
        const { code, stderr } = await run(...command, ...options)
        expect(code).toBe(0)
        expect(stderr).toBe(
          'skipped: idempotency-idem_notes is no stream of the ledger\n' +
            'skipped: idempotency-idem_\\u001b[31m is no stream of the ledger\n'
        )
      }
    })
  }
  it('is told in a line of bounded length', async () => {
    const { stderr } = await scanning([], [`idempotency-idem_${'x'.repeat(1_000_000)}`]).run('list')
    expect(stderr.length).toBeLessThan(1100)
  })
})

describe('where there is nothing to tell', () => {
  it('nothing is told', async () => {
    const { run, asked } = scanning([])
    expect(await run('list', '--json')).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.not.stringContaining('unre')
    })
    expect(asked).toMatchObject([{ onUnreadable: expect.any(Function), onForeign: expect.any(Function) }])
  })
})
