import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { copyFile, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compiled } from '../support/compiler.ts'

const root = resolve(import.meta.dirname, '../..')
const app = mkdtempSync(join(tmpdir(), 'keyfold-consumer-'))

/** But for the one that needs the client: its types are told apart from this project's own in test/e2e/package.test.ts. */
const programs = readdirSync(import.meta.dirname).filter((name) => !/\.test\.ts$|^eventstoredb\.ts$/.test(name))

/** A strict consumer, who looks into libraries too. `AbortSignal` is all that is needed of a platform's types. */
const strict = {
  strict: true,
  module: 'nodenext',
  target: 'es2022',
  types: [],
  skipLibCheck: false,
  preserveSymlinks: true,
  outDir: 'out',
  rootDir: '.'
}

const strictest = {
  ...strict,
  // what they export is inferred, and has to be named in their own declarations
  declaration: true,
  lib: ['es2022', 'dom', 'esnext.disposable'],
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true
}

const run = async (program: string): Promise<unknown> => {
  const built: { readonly run: (folder: string) => unknown } = await import(
    /* @vite-ignore */ pathToFileURL(join(app, 'out', `${program}.js`)).href
  )
  return built.run(app)
}

beforeAll(async () => {
  // as an installed package: what ships, and its peers beside it
  mkdirSync(join(app, 'node_modules/keyfold'), { recursive: true })
  for (const part of ['dist', 'package.json']) symlinkSync(join(root, part), join(app, 'node_modules/keyfold', part))
  mkdirSync(join(app, 'node_modules/@opentelemetry'))
  for (const peer of ['fp-ts', 'io-ts', '@opentelemetry/api'])
    symlinkSync(join(root, 'node_modules', peer), join(app, 'node_modules', peer))
  writeFileSync(join(app, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }')
  for (const program of programs) await copyFile(join(import.meta.dirname, program), join(app, program))
})
afterAll(() => rmSync(app, { recursive: true, force: true }))

describe('programs of consumers, against the types as they are published', () => {
  it('compile for the strictest, without a cast, and with await using', async () => {
    expect(compiled(app, strictest, programs)).toBe('')
    for (const program of programs) {
      const code = (await readFile(join(app, program), 'utf8')).replaceAll(/\/[/*].*/g, '')
      expect(code, program).not.toMatch(/\bas (?!const\b)/)
    }
  }, 300_000)

  it('compile for who has a library that knows of no disposal', () => {
    writeFileSync(
      join(app, 'older.ts'),
      `// @ts-expect-error this library does not know the symbol
       export const symbol = Symbol.asyncDispose
       import { createLedger } from 'keyfold'
       import { openMemoryStore } from 'keyfold/memory'
       const store = await openMemoryStore()
       await createLedger({ store }).dispose()
       await store.dispose()`
    )
    const older = programs.filter((name) => name !== 'await-using.ts')
    expect(compiled(app, { ...strict, lib: ['es2022', 'dom'], noEmit: true }, [...older, 'older.ts'])).toBe('')
  }, 300_000)
})

describe('a consumer’s program, as it is built', () => {
  it('hands an interface over as details, and returns what keyfold answers', async () => {
    expect(await run('returned')).toEqual(['Completed', true, { amount: 10 }])
  })
  it('runs the decider in an event store of its own', async () => {
    expect(await run('own-event-store')).toEqual([
      'Reserved',
      'Duplicate',
      'Completed',
      'InvalidInput',
      '$.atMs',
      ['Reserved', 'DuplicateSeen', 'Completed'],
      'Held',
      'Held',
      'allow'
    ])
  })
  it('brings records in that it wrote down, and those of the predecessor’s file', async () => {
    expect(await run('bring-records')).toEqual([
      { imported: 1, skipped: 0 },
      { imported: 1, skipped: 0 },
      'UnsupportedVersion',
      'KeyfoldError',
      'order-3',
      ['order-1', 'order-2']
    ])
  })
  it('projects a store’s log, and believes no event that was changed', async () => {
    expect(await run('projection')).toEqual([
      'idempotency-idem_',
      [
        { at: 7, actor: 'web', what: 'Reserved c-1/e-1' },
        'CorruptStream',
        { at: 7, actor: 'worker', what: 'charged /' },
        'CorruptStream'
      ]
    ])
  })
  it('keeps a read model of its own, and follows a ledger', async () => {
    expect(await run('read-model')).toEqual([true, { seen: 1 }, ['Reserved op'], [2, 1, 0, 1, 1]])
  })
  it('keeps a view within its appends', async () => {
    expect(await run('inline-view')).toEqual([{ seen: 1 }, 'refused', 'refused'])
  })
  it('finds the claim that may stand where its type says, and nowhere else', async () => {
    expect(await run('failures')).toEqual([
      'reserve again with its claim',
      'my-own-claim',
      'my-own-claim',
      ['InvalidInput', undefined]
    ])
  })
  it('runs a task once', async () => {
    expect(await run('once')).toBe(7)
  })
  it('opens every store by both of its doors', async () => {
    expect(await run('doors')).toEqual([
      'Reserved',
      'Reserved',
      'Reserved',
      'Reserved',
      'NotAStore',
      'NotAStore',
      'InvalidInput'
    ])
  })
  it('instruments a ledger and a store of its own, by both faces', async () => {
    expect(await run('telemetry')).toEqual(['Reserved', 'Duplicate', 'InvalidInput'])
  })
  it('leaves nothing open at the end of a block', async () => {
    const over = 'StoreUnavailable: the store is disposed of'
    expect(await run('await-using')).toEqual([over, over, ['function', 'my own'], []])
  })
})
