import { execFile } from 'node:child_process'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compiled } from '../support/compiler.ts'

const root = resolve(import.meta.dirname, '../..')
const app = mkdtempSync(join(tmpdir(), 'keyfold-app-'))
const installed = join(app, 'node_modules/keyfold')

const own: {
  readonly version: string
  readonly exports: { readonly [entry: string]: unknown }
} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

const entries = Object.keys(own.exports).map((entry) => entry.replace(/^\./, 'keyfold'))
const needPeer = (entry: string): boolean => /\/(?:eventstoredb|opentelemetry)$/.test(entry)

const run = async (cwd: string, command: string, ...args: ReadonlyArray<string>) => {
  const { stdout, stderr } = await promisify(execFile)(command, args, { cwd, maxBuffer: 64 * 1024 * 1024 })
  return { stdout, stderr }
}

const npm = (cwd: string, ...args: ReadonlyArray<string>) => run(cwd, 'npm', ...args, '--ignore-scripts')

const install = (...packages: ReadonlyArray<string>) =>
  npm(app, 'install', ...packages, '--prefer-offline', '--no-audit', '--no-fund')

/** A peer as it is installed here: npm judges its version, and links to it, where to unpack it takes longer than most tests. */
const peer = (name: string): string => join(root, 'node_modules', name)

/** Runs a program in the folder that keyfold was installed to. */
const script = async (name: string, text: string) => {
  writeFileSync(join(app, name), text)
  const { stdout, stderr } = await run(app, process.execPath, name)
  expect(stderr).toBe('')
  return stdout
}

const keyfold = (...args: ReadonlyArray<string>) =>
  run(app, join('node_modules', '.bin', 'keyfold'), ...args).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr })
  )

const request = `{
  tenant: { orgId: 'acme', workspaceId: 'shop' }, operation: 'charge', key: 'order-1',
  owner: 'me', requestFingerprint: 'amount=10', lease: 30_000
}`

const needsDriver = expect.stringMatching(
  /^error: StoreUnavailable: .*the package libsql, which is not installed: npm install libsql.*\nwhat to do: .*\n$/
)

let packed: ReadonlyArray<string> = []

beforeAll(async () => {
  const [{ filename, files }] = JSON.parse((await npm(root, 'pack', '--json', '--pack-destination', app)).stdout)
  packed = files.map(({ path }: { path: string }) => path)
  writeFileSync(join(app, 'package.json'), '{ "name": "app", "private": true }')
  await install(join(app, filename), peer('fp-ts'), peer('io-ts'))
}, 300_000)
afterAll(() => rmSync(app, { recursive: true, force: true }), 60_000)

describe('the package', () => {
  it('holds what was built and how to use it: no source, no test, no path of the machine that built it', () => {
    const others = packed.filter((path) => !/^dist\/[\w./-]+\.(?:js(?:\.map)?|d\.ts)$|^docs\/[\w./-]+\.md$/.test(path))
    expect(others.toSorted()).toEqual([
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'LICENSE',
      'NOTICE',
      'README.md',
      'SECURITY.md',
      'dist/bin/webhooks.json.br',
      'docs/how-to/import-sample.json',
      'package.json'
    ])
    expect(packed.filter((path) => /\.test\.|(?<!\.d)\.ts$/.test(path))).toEqual([])
    for (const path of packed.filter((name) => name.endsWith('.d.ts')))
      expect(readFileSync(join(installed, path), 'utf8'), path).not.toContain('sourceMappingURL')
    for (const path of packed) expect(readFileSync(join(installed, path), 'utf8').includes(root), path).toBe(false)
  })

  it('has a program that Node holds in one byte a character', () => {
    const files = packed.filter((path) => /^dist\/bin\/(?!writer-thread).*\.js$/.test(path))
    expect(files.length).toBeGreaterThan(30)
    for (const path of files) expect(readFileSync(join(installed, path), 'utf8'), path).toMatch(/^\p{ASCII}*$/u)
  })

  it('brings all entries but those that need an optional peer, by import and by require', async () => {
    const there = entries.filter((entry) => !needPeer(entry))
    expect(there).toEqual([
      'keyfold',
      'keyfold/memory',
      'keyfold/sqlite',
      'keyfold/projections',
      'keyfold/testing',
      'keyfold/package.json'
    ])
    const imports = there.map(
      (entry) => `import(${JSON.stringify(entry)}, ${entry.endsWith('.json') ? "{ with: { type: 'json' } }" : '{}'})`
    )
    const counted = await script(
      'entries.mjs',
      `const all = await Promise.all([${imports}]); console.log(all.map((one) => Object.keys(one).length > 0).join())`
    )
    expect(counted).toBe(`${there.map(() => 'true').join()}\n`)
    const required = there.map((entry) => `require(${JSON.stringify(entry)})`)
    expect(await script('entries.cjs', `console.log([${required}].every((one) => Object.keys(one).length > 0))`)).toBe(
      'true\n'
    )
  })

  it('has every page that its README links to', () => {
    const links = [...readFileSync(join(installed, 'README.md'), 'utf8').matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)]
    const files = links.flatMap(([, to = '']) => (to.startsWith('https://') ? [] : [to]))
    expect(files.length).toBeGreaterThan(10)
    expect(files.filter((file) => !packed.includes(file))).toEqual([])
  })

  it('plays its demo without the driver, on the webhooks that ship with it', async () => {
    const { code, stdout, stderr } = await keyfold('demo')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(
      '642 webhook deliveries processed, each once. Whatever came later was answered from memory.'
    )
    expect(stdout).toContain('npx -p keyfold -p libsql keyfold demo')
    expect(await keyfold('demo', '--file', 'demo.db')).toMatchObject({ code: 18, stdout: '', stderr: needsDriver })
  })

  it('says what to install where a store is to be in a file', async () => {
    const key = ['--org=acme', '--workspace=shop', '--operation=charge', '--key=order-1']
    const { code, stderr } = await keyfold('reserve', ...key, '--owner=me', '--fingerprint=f', '--lease=30s')
    expect({ code, stderr }).toEqual({ code: 18, stderr: needsDriver })
    const said = await script(
      'no-driver.mjs',
      `const { openSqliteStore } = await import('keyfold/sqlite')
       await openSqliteStore({ file: 'x.db' }).catch(({ tag, message }) => console.log(tag, message))`
    )
    expect(said).toMatch(/^StoreUnavailable the SQLite store needs the package libsql/)
    expect(readdirSync(app).filter((name) => name.endsWith('.db'))).toEqual([])
  })
})

/** A compiler that looks into libraries too. */
const strict = { strict: true, module: 'nodenext', target: 'es2022', types: [], skipLibCheck: false }

describe('a compiler that looks into libraries, where optional peers are missing', () => {
  it('names the packages that are to be installed, for the doors that need them and for no other', () => {
    const doors = entries.filter((entry) => !entry.endsWith('.json'))
    writeFileSync(join(app, 'no-client.mts'), doors.map((entry) => `import '${entry}'\n`).join(''))
    const errors = compiled(app, { ...strict, noEmit: true }, ['no-client.mts'])
      .split('\n')
      .filter((line) => /error TS/.test(line))
    for (const name of ['@eventstore/db-client', '@opentelemetry/api'])
      expect(errors).toContainEqual(expect.stringContaining(`TS2307: Cannot find module '${name}'`))
    for (const error of errors)
      expect(error).toMatch(/^node_modules\/keyfold\/dist\/adapters\/(eventstoredb|opentelemetry)\//)
  })
})

describe('the package with the driver of SQLite beside it', () => {
  beforeAll(() => install(peer('libsql')), 120_000)

  it('reserves and completes on SQLite', async () => {
    const said = await script(
      'ledger.mjs',
      `import { createLedger } from 'keyfold'
       import { openSqliteStore } from 'keyfold/sqlite'
       const store = await openSqliteStore({ file: 'ledger.db' })
       const ledger = createLedger({ store })
       const { claim } = await ledger.reserve(${request})
       await ledger.complete({ claim, outcome: { outcomeKind: 'charged' } })
       const again = await ledger.reserve(${request})
       console.log(again._tag, again.record.outcome.outcomeKind)
       await store.dispose()`
    )
    expect(said).toBe('Duplicate charged\n')
    const key = ['--org=acme', '--workspace=shop', '--operation=charge', '--key=order-1']
    const { code, stdout } = await keyfold('get', ...key, '--store=sqlite:ledger.db', '--json')
    expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 0, record: { outcome: { outcome_kind: 'charged' } } })
  })

  it('brings the command, which says what is missing for EventStoreDB, as its doors do', async () => {
    expect(await keyfold('--version')).toEqual({ code: 0, stdout: `${own.version}\n`, stderr: '' })
    expect(await keyfold('list', '--store=memory:')).toMatchObject({ code: 0, stderr: '' })
    expect(await keyfold('list', '--store=esdb://127.0.0.1:2113')).toMatchObject({
      code: 18,
      stdout: '',
      stderr: expect.stringContaining('the package @eventstore/db-client could not be loaded')
    })
    const entry = script('missing.mjs', "await import('keyfold/eventstoredb')")
    await expect(entry).rejects.toThrow("Cannot find package '@eventstore/db-client'")
    const telemetry = script('missing.mjs', "await import('keyfold/opentelemetry')")
    await expect(telemetry).rejects.toThrow("Cannot find package '@opentelemetry/api'")
  })
})

describe('the package with its optional peers beside it', () => {
  beforeAll(() => install(peer('@eventstore/db-client'), peer('@opentelemetry/api')), 120_000)

  it('reserves on the stand-in that it brings', async () => {
    const said = await script(
      'eventstoredb.mjs',
      `import { createLedger } from 'keyfold'
       import { openEventStoreDbStore } from 'keyfold/eventstoredb'
       import { startStandIn } from 'keyfold/testing/eventstoredb'
       const server = await startStandIn()
       const store = await openEventStoreDbStore({ connectionString: server.url })
       const ledger = createLedger({ store })
       console.log((await ledger.reserve(${request}))._tag, (await ledger.reserve(${request}))._tag)
       await store.dispose()
       await server.stop()`
    )
    expect(said).toBe('Reserved Duplicate\n')
  })

  it('tells a tracer of what the ledger does', async () => {
    const said = await script(
      'opentelemetry.mjs',
      `import { createLedger } from 'keyfold'
       import { openMemoryStore } from 'keyfold/memory'
       import { instrumentLedger, instrumentStore } from 'keyfold/opentelemetry'
       import { trace } from '@opentelemetry/api'
       const none = trace.wrapSpanContext({ traceId: '', spanId: '', traceFlags: 0 })
       const told = []
       trace.setGlobalTracerProvider({ getTracer: () => ({ startSpan: (name) => (told.push(name), none) }) })
       const store = instrumentStore(await openMemoryStore())
       const ledger = instrumentLedger(createLedger({ store }))
       console.log((await ledger.reserve(${request}))._tag, told.join())`
    )
    expect(said).toBe('Reserved keyfold reserve,keyfold store append\n')
  })

  it('has declarations that compile for a strict consumer, who declares by keyfold’s names what it returns', async () => {
    const names = entries.filter((entry) => !entry.endsWith('.json'))
    writeFileSync(
      join(app, 'consumer.mts'),
      `${names.map((entry, index) => `import * as entry${index} from '${entry}'`).join('\n')}
import { createLedger, KeyfoldError } from 'keyfold'
import { openMemoryStore } from 'keyfold/memory'
const ledger = createLedger({ store: await openMemoryStore() })
export const charge = async (): Promise<string> => {
  const answer = await ledger.reserve(${request})
  // @ts-expect-error only an answer that grants the key has a claim
  answer.claim
  return answer._tag === 'Reserved' ? answer.claim.claimId : answer._tag
}
// @ts-expect-error there is no default for the lease
ledger.reserve({ tenant: { orgId: 'o', workspaceId: 'w' }, operation: 'op', key: 'k', owner: 'me', requestFingerprint: 'f' })
export const tag = (error: KeyfoldError): 'StoreFull' | undefined => (error.tag === 'StoreFull' ? error.tag : undefined)
export const all = [${names.map((_, index) => `entry${index}`)}]
`
    )
    copyFileSync(join(root, 'test/consumer/eventstoredb.ts'), join(app, 'eventstoredb.mts'))
    copyFileSync(join(root, 'test/consumer/returned.ts'), join(app, 'returned.mts'))
    const files = ['consumer.mts', 'eventstoredb.mts', 'returned.mts']
    expect(compiled(app, { ...strict, declaration: true }, files)).toBe('')
    const declared = readFileSync(join(app, 'returned.d.mts'), 'utf8')
    for (const name of ['RecordId', 'Reserved', 'Duplicate', 'Instant', 'Completed', 'ClaimLost'])
      expect(declared).toContain(`import("keyfold").${name}`)
    const said = script('doors.mjs', "import { run } from './eventstoredb.mjs'; console.log((await run()).join())")
    expect(await said).toBe('function,InvalidInput\n')
  })
})
