import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type StandIn, startStandIn } from '../../src/testing/eventstoredb.ts'
import { conformanceFolder } from '../support/conformance.ts'
import { keyfold, start, type Where } from '../support/keyfold.ts'
import { keyfoldHere } from '../support/keyfold-here.ts'
import { claimed, keyed, reserve, reserveLine } from '../support/story.ts'
import { temporaryFile } from '../support/temporary-file.ts'

/** Every command but demo once, and what its JSON answer must hold. */
const story: ReadonlyArray<readonly [args: ReadonlyArray<string>, answer: object, input?: string]> = [
  [reserve('order-1', 'c-1'), { result: 'reserved', claim: { claim_id: 'c-1', epoch: 1 }, takeover: false }],
  [['renew', ...claimed('order-1', 'c-1'), '--lease=2h'], { result: 'renewed' }],
  [['complete', ...claimed('order-1', 'c-1'), '--outcome=charged'], { result: 'completed' }],
  [['complete', ...claimed('order-1', 'c-1'), '--outcome=refused'], { result: 'already_completed' }],
  [reserve('order-1', 'c-2'), { result: 'duplicate', record: { outcome: { outcome_kind: 'charged' } } }],
  [reserve('order-2', 'c-3'), { result: 'reserved' }],
  [['release', ...claimed('order-2', 'c-3')], { result: 'released' }],
  [['complete', ...claimed('order-2', 'c-3'), '--outcome=charged'], { result: 'claim_lost', record: null }],
  [reserve('order-3', 'c-4'), { result: 'reserved' }],
  [
    ['complete', '--by-key-unfenced', ...keyed('order-3'), '--outcome=charged'],
    { result: 'completed_by_key', record: { status: 'completed' } }
  ],
  [['expire-by-operator', ...keyed('order-3'), '--by=ann', '--note=why'], { result: 'expired' }],
  [reserve('order-4', 'c-5'), { result: 'reserved' }],
  [
    ['complete-by-operator', ...keyed('order-4'), '--outcome=charged', '--by=ann', '--note=why'],
    { result: 'completed' }
  ],
  [['get', ...keyed('order-1')], { record: { status: 'completed', duplicate_count: 1 } }],
  [['history', ...keyed('order-4')], { events: [{ type: 'Reserved' }, { type: 'Completed', actor: 'ann' }] }],
  [['as-of', ...keyed('order-4'), '--revision=0'], { state: 'held', record: { status: 'reserved' } }],
  [
    ['diff', ...keyed('order-4'), '--from-revision=0', '--to-revision=1'],
    { fields: [{ field: 'status', before: 'reserved', after: 'completed' }, {}, {}], events: [{ type: 'Completed' }] }
  ],
  [
    ['explain', ...keyed('order-4'), '--revision=1', '--owner=web-2', '--fingerprint=amount=10'],
    { row: 'replay', result: 'duplicate' }
  ],
  [['what-if', '--takeover=refuse'], { differing: 0 }],
  [['verify'], { finding_count: 0 }],
  [reserve('order-6', 'c-6'), { result: 'reserved' }],
  [['recovery-point', ...claimed('order-6', 'c-6'), '--name=charged', '--data={"id":1}'], { result: 'reached' }],
  [['in-doubt', ...claimed('order-6', 'c-6'), '--note=the bank timed out'], { result: 'marked' }],
  [['stuck'], { source: 'scan', found: 1, stuck: [{ why: 'in_doubt', record: { key: 'order-6' } }] }],
  [['expire-by-operator', ...keyed('order-6'), '--by=ann', '--note=why'], { result: 'expired' }],
  [['conflicts'], { source: 'scan', found: 0, unlisted: 0 }],
  [['stats'], { source: 'scan', operations: [{ keys: { free: 3, completed: 2 } }] }],
  [['sweep', '--dry-run'], { ended: 'done', due: 0 }],
  [['tail', '--from=start', '--type=MarkedInDoubt', '--no-follow'], { type: 'MarkedInDoubt' }],
  [['projections', 'status', 'key_index', '--views=VIEWS'], { projections: [{ name: 'key_index', built: false }] }],
  [['rebuild', '--all', '--views=VIEWS'], { rebuilt: [{ projection: 'key_index' }, {}, {}, {}, {}, {}, {}] }],
  [['projections', 'verify', 'conflicts', '--views=VIEWS'], { difference: null }],
  [['list', '--views=VIEWS'], { source: 'views', found: 2, views: [{ view: 'key_index', events_behind: 0 }] }],
  [['stuck', '--views=VIEWS'], { source: 'views', found: 0 }],
  [['conflicts', '--views=VIEWS'], { source: 'views', found: 0 }],
  [['stats', '--views=VIEWS'], { source: 'views', operations: [{ keys: { free: 3, completed: 2 } }] }],
  [['import', resolve(conformanceFolder, 'files/15-v1.json')], { imported: 2, skipped: 0, records: 2 }],
  [['list'], { found: 4 }],
  [['list', '--operation=op.x', '--limit=1'], { records: [{ operation: 'op.x' }], found: 2 }],
  [['export'], { schema_version: 1 }],
  [['batch'], { result: 'reserved' }, reserveLine('order-5')]
]

/** Those that files of this folder have as processes of their own on SQLite. */
const elsewhere = ['verify', 'sweep', 'tail', 'import', 'export', 'batch']

/**
 * A test for each step, so that none has much to do; each builds on those before it. A command is a process of its own
 * the first time, and from then on it runs in this one.
 */
const plays = (store: () => string, steps = story, asProcessElsewhere = elsewhere): void => {
  const folder = mkdtempSync(join(tmpdir(), 'keyfold-views-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const views = join(folder, 'views.db')
  const begun = new Set(asProcessElsewhere)
  for (const [index, [args, answer, input = '']] of steps.entries()) {
    const [name = ''] = args
    const run = begun.has(name) ? keyfoldHere : keyfold
    begun.add(name)
    it(`${index + 1}. ${name}`, async () => {
      const where = { input, env: { KEYFOLD_STORE: store() } }
      const given = args.map((arg) => arg.replace('VIEWS', views))
      const { code, stdout, stderr } = await run([...given, '--json'], where)
      expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' })
      expect(JSON.parse(stdout), args.join(' ')).toMatchObject(answer)
    })
  }
}

describe('every command does its part on SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyfold-story-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  plays(() => `sqlite:${join(folder, 'story.db')}`)
})

describe('every command does its part on EventStoreDB, and ends by itself', () => {
  let server: StandIn | undefined
  beforeAll(async () => {
    server = await startStandIn()
  })
  afterAll(() => server?.stop())
  // the first half of the story, and the commands that read the whole log
  const onBoth = ['import', 'list', 'export']
  const steps = story.filter(
    ([[command = '', ...args]], index) => index < 4 || (onBoth.includes(command) && !args.includes('--views=VIEWS'))
  )
  const found = { found: 3 }
  plays(
    () => server?.url ?? '',
    steps.map(([args, answer]) => [args, 'found' in answer && !args[1] ? found : answer]),
    // these are processes of their own in esdb-cli.test.ts
    ['renew', 'complete', 'list', 'export']
  )
})

/** What cannot be done, the exit code, and the cause that is named. */
const failures = (
  folder: string
): ReadonlyArray<readonly [args: ReadonlyArray<string>, code: number, cause: string]> => [
  [['list', '--store=mysql://x'], 10, 'InvalidInput: --store must be sqlite:FILE, memory:, esdb://… or kurrentdb://…'],
  [['list', '--store=sqlite:'], 10, 'InvalidInput: --store sqlite: needs the name of a file'],
  [['list', '--store=memory:', '--category=a-b'], 10, 'InvalidInput: $.category must hold only letters, digits'],
  [['list', '--store=sqlite:no.db'], 18, 'StoreUnavailable: there is no store at no.db yet'],
  [['get', ...keyed('k'), '--store=sqlite:empty.db'], 18, 'StoreUnavailable: there is no store at empty.db yet'],
  [[...reserve('k', 'c'), `--store=sqlite:${folder}/no/x.db`], 18, 'StoreUnavailable: '],
  [[...reserve('k', 'c'), `--store=sqlite:${folder}/text.db`], 21, 'NotAStore: '],
  [['get', ...keyed('k'), '--store=esdb://admin:s3cr3t@127.0.0.1:1'], 18, 'StoreUnavailable: '],
  [['import', 'no.json', '--store=memory:'], 24, 'ImportRefused: failed to read idempotency keys: ENOENT'],
  [['import', '.', '--store=memory:'], 24, 'ImportRefused: failed to read idempotency keys: EISDIR'],
  [['release', ...claimed('k', 'c'), '--store=memory:'], 12, 'UnknownClaim: no such claim was ever issued']
]

describe('a failure', () => {
  it('is one line of cause and one of remedy on stderr, an exit code, and nothing on stdout', async () => {
    const file = temporaryFile('text.db')
    const cwd = dirname(file)
    writeFileSync(file, 'this is no database, and longer than the header of one would be. '.repeat(4))
    writeFileSync(join(cwd, 'empty.db'), '')
    await Promise.all(
      failures(cwd).map(async ([args, code, cause]) => {
        const ran = await keyfoldHere(args, { cwd })
        expect({ args, code: ran.code, stdout: ran.stdout }).toEqual({ args, code, stdout: '' })
        expect(ran.stderr).toMatch(/^error: [^\n]+\nwhat to do: [^\n]+\n$/)
        expect(ran.stderr.slice('error: '.length)).toContain(cause)
        expect(ran.stderr).not.toContain('s3cr3t')
      })
    )
    expect(readdirSync(cwd)).toEqual(['empty.db', 'text.db'])
    expect(statSync(join(cwd, 'empty.db')).size).toBe(0)
  })

  it('of the command line itself names the help, exits with 2, and opens nothing', async () => {
    const cwd = dirname(temporaryFile('x'))
    const misused = await keyfold(['reserve', '--key=k'], { cwd })
    expect(misused).toMatchObject({ code: 2, stdout: '' })
    expect(misused.stderr).toBe(
      'error: required options are missing: --operation <name>, --owner <name>, --lease <length>\n' +
        'what to do: keyfold reserve --help shows its options\n'
    )
    expect(await keyfold([], { cwd })).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^Usage: /) })
    expect(readdirSync(cwd)).toEqual([])
  })
})

describe('a defect that nobody caught', () => {
  it('is owned up to without a stack trace, and without the password', async () => {
    const thrown = 'throw new Error("at esdb://admin:s3cr3t@db:2113 with s3cr3t")'
    for (const fault of [thrown, `Promise.resolve().then(() => { ${thrown} })`]) {
      const whenUp = `const timer = setInterval(() => {
        if (process.listenerCount('SIGINT') === 0) return
        clearInterval(timer)
        ${fault}
      }, 1)`
      const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(whenUp)}`
      const { ended } = start(['batch'], { env: { NODE_OPTIONS, KEYFOLD_STORE: 'esdb://admin:s3cr3t@127.0.0.1:1' } })
      expect(await ended).toMatchObject({
        code: 1,
        stdout: '',
        stderr:
          'error: unexpected: at esdb://…@db:2113 with …\nwhat to do: please report this; it is a defect of keyfold\n'
      })
    }
  })
})

describe('a command that begins nothing', () => {
  it('never makes a store: a mistyped name must not read as "never seen"', async () => {
    const cwd = dirname(temporaryFile('x'))
    const operator = ['--by=ann', '--note=why']
    const commands = [
      ['get', ...keyed('k')],
      ['history', ...keyed('k')],
      ['list'],
      ['export'],
      ['export', 'out.json'],
      ['complete', ...claimed('k', 'c'), '--outcome=done'],
      ['release', ...claimed('k', 'c')],
      ['renew', ...claimed('k', 'c'), '--lease=1m'],
      ['expire-by-operator', ...keyed('k'), ...operator],
      ['complete-by-operator', ...keyed('k'), '--outcome=done', ...operator]
    ]
    const ran = await Promise.all(commands.map((args) => keyfoldHere(args, { cwd })))
    for (const one of ran) expect(one).toMatchObject({ code: 18, stdout: '' })
    expect(readdirSync(cwd)).toEqual([])
  })

  it('and one that begins something makes it where the default is', async () => {
    const cwd = dirname(temporaryFile('x'))
    expect(await keyfold(reserve('k', 'c'), { cwd })).toMatchObject({ code: 0 })
    expect(readdirSync(cwd)).toContain('keyfold.db')
    expect(await keyfoldHere(['get', ...keyed('k')], { cwd })).toMatchObject({ code: 0 })
  })
})

describe('a claim', () => {
  it('is in the holder’s answer, and nowhere else', async () => {
    const where: Where = { env: { KEYFOLD_STORE: `sqlite:${temporaryFile('secret.db')}` } }
    const secret = 'cl41m-s3cr3t'
    expect((await keyfoldHere(reserve('order-1', secret), where)).stdout).toContain(secret)
    for (const args of [
      ['get', ...keyed('order-1')],
      ['get', ...keyed('order-1'), '--json'],
      ['list'],
      ['list', '--json'],
      ['history', ...keyed('order-1')],
      ['history', ...keyed('order-1'), '--json'],
      ['export']
    ]) {
      const { code, stdout } = await keyfoldHere(args, where)
      expect(code).toBe(0)
      expect(stdout).toContain(args[0] === 'history' ? 'Reserved' : 'order-1')
      expect(stdout, args.join(' ')).not.toContain(secret)
    }
  })
})
