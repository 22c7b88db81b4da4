import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tenantFrom } from '../../../../src/interfaces/cli/options/key.ts'
import { commandLine } from '../../../support/cli.ts'
import { conformanceFolder } from '../../../support/conformance.ts'

describe('the tenant', () => {
  it('is the local one where none is named', () => {
    expect(tenantFrom({})).toMatchObject({ orgId: 'local', workspaceId: 'default', source: 'local_implicit' })
  })
  it('is explicit where a part of it is named, unless that is said otherwise', () => {
    expect(tenantFrom({ workspace: 'w' })).toMatchObject({ orgId: 'local', workspaceId: 'w', source: 'explicit' })
    expect(tenantFrom({ org: 'o', source: 'local_implicit' })).toMatchObject({ source: 'local_implicit' })
  })
})

const foreign = resolve(conformanceFolder, 'files/15-v1.json')
const key = ['--operation=op', '--key=k']
const owner = ['--owner=me', '--fingerprint=f', '--lease=1s']
const claim = ['--record-id=r', '--epoch=1', '--claim-id=c']

/** Misuse of the command line: nothing is opened, the cause is named, and where help is. */
const misuse: ReadonlyArray<readonly [args: ReadonlyArray<string>, cause: string]> = [
  [['nope'], "unknown command 'nope'"],
  [['reserve'], 'required options are missing: --operation <name>, --key <key>, --owner <name>, --lease <length>'],
  [['get', '--key=k'], 'give --operation and --key with their tenant, or --record-id alone'],
  [['get', ...key, '--nope'], "unknown option '--nope'"],
  [['get', ...key, 'more'], "too many arguments for 'get': it takes none, got also more"],
  [['import'], "missing required argument 'file'"],
  [['reserve', ...key, '--owner=me', '--fingerprint=f'], 'required option is missing: --lease <length>'],
  [['reserve', ...key, '--owner=me', '--fingerprint=f', '--lease=soon'], 'Give a length such as'],
  [['reserve', ...key, '--owner=me', '--fingerprint=f', '--lease=30'], 'A length has a unit: 30s, 30ms? Or none.'],
  [['reserve', ...key, ...owner, '--now=1767225600'], 'If it is seconds, give 1767225600000'],
  [['reserve', ...key, ...owner, '--now=-60y'], 'Give a length such as'],
  [['reserve', ...key, ...owner, '--now=-99999d'], '--now is no time between 1970 and 9999'],
  [['reserve', ...key, ...owner, '--expires-at=-1s'], 'which is over already; --past takes it all the same'],
  [['reserve', ...key, ...owner, '--expires-at=now'], '--expires-at is 2026-01-01T00:00:00.000Z, which is over'],
  [
    ['stats', '--from=now', '--until=-1h'],
    '--from must not be later than --until, got 2026-01-01T00:00:00.000Z and 2025-12-31T23:00:00.000Z'
  ],
  [['complete', ...claim, '--outcome=done', '--expires-at=2020-01-01T00:00Z'], '--past takes it all the same'],
  [['reserve', ...key, '--owner=me', '--lease=1s'], 'give either --fingerprint or --payload, got neither'],
  [['reserve', ...key, ...owner, '--payload={}'], 'give either --fingerprint or --payload, got both'],
  [['reserve', ...key, ...owner, '--now=yesterday'], 'Give epoch milliseconds, a time such as'],
  [['reserve', ...key, ...owner, '--source=elsewhere'], 'Allowed choices are explicit, local_implicit'],
  [['renew', ...claim, '--lease=none'], 'Give a length such as'],
  [['complete', '--outcome=done'], 'give the claim as --claim, or as --record-id, --epoch and --claim-id'],
  [['complete', '--record-id=r', '--epoch=1', '--outcome=done'], 'give the claim as --claim, or as'],
  [['complete', '--claim={}', ...claim, '--outcome=done'], 'give the claim as --claim, or as'],
  [['complete', ...claim, '--epoch=one', '--outcome=done'], 'Give a whole number'],
  [['complete', ...claim], 'give the outcome as --outcome with its parts, or as --outcome-json'],
  [['complete', ...claim, '--outcome=done', '--outcome-json={}'], 'give the outcome as --outcome'],
  [['complete', ...claim, '--outcome-json={}', '--details=1'], 'give the outcome as --outcome'],
  [['complete', ...claim, '--outcome=done', '--primary-ref=nocolon'], 'a reference is given as kind:id'],
  [['complete', '--by-key-unfenced', '--key=k', '--outcome=done'], '--by-key-unfenced goes with --operation and --key'],
  [['complete', '--by-key-unfenced', ...key, ...claim, '--outcome=done'], 'and without a claim'],
  [['complete', '--by-key-unfenced', ...key, '--outcome=done', '--retention=1d'], 'only a fenced complete'],
  [['expire-by-operator', ...key, '--by=ann'], 'required option is missing: --note <why>'],
  [['list', '--status=lost'], 'Allowed choices are reserved, completed, conflicted'],
  [['list', '--limit=-1'], 'Give a whole number']
]

describe('misuse of the command line', () => {
  for (const [args, cause] of misuse) {
    it(`${args.join(' ')}: ${cause}`, async () => {
      const { run, opened } = commandLine()
      const { code, stdout, stderr } = await run(args)
      expect({ code, stdout, opened }).toEqual({ code: 2, stdout: '', opened: [] })
      const help = args[0] === 'nope' ? '--help lists the commands' : `${args[0]} --help shows its options`
      expect(stderr).toMatch(new RegExp(`^error: .+\nwhat to do: keyfold ${help}\n$`))
      expect(stderr).toContain(cause)
    })
  }
  it('without a command shows the help', async () => {
    const { code, stdout, stderr } = await commandLine().run([])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^Usage: keyfold/)
  })
  it('is not asking for help, or for the version', async () => {
    expect(await commandLine().run(['--version'])).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' })
    expect(await commandLine().run(['reserve', '--help'])).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('values', () => {
  const reserved = ['reserve', ...key, '--owner=me', '--lease=1h']

  it('may come from a file or from stdin, and the claim from the whole answer of reserve', async () => {
    const { run } = commandLine()
    const answer = await run([...reserved, '--payload=@-', '--json'], { stdin: '{"b":1,"a":2}' })
    expect(await run([...reserved, '--payload={"a":2,"b":1}'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^duplicate/)
    })
    const done = await run(['complete', '--claim=@-', '--outcome=done', '--json'], { stdin: answer.stdout })
    expect(JSON.parse(done.stdout)).toMatchObject({ result: 'completed' })
  })

  const secret = 'c1a1-5ec2e7'
  const bad: ReadonlyArray<readonly [args: ReadonlyArray<string>, cause: string]> = [
    [['complete', `--claim={"claim_id":"${secret}"`, '--outcome=done'], 'InvalidInput: --claim: not valid JSON'],
    [['complete', `--claim={"claim_id":"${secret}"}`, '--outcome=done'], '--claim: $.record_id must be a string'],
    [['complete', `--claim={"claim":"${secret}"}`, '--outcome=done'], '--claim: $.claim must be a JSON object'],
    [
      ['complete', '--claim={"result":"duplicate","record":{}}', '--outcome=done'],
      '--claim: $.claim must be a JSON obj'
    ],
    [['complete', ...claim, '--outcome=done', '--details=nope'], '--details: not valid JSON'],
    [['complete', ...claim, '--outcome-json={"outcome_kind":1}'], '$.outcome.outcome_kind must be a string'],
    [['complete', ...claim, '--outcome=done', '--details=@/nowhere'], '--details: /nowhere cannot be read (ENOENT)'],
    [[...reserved, '--payload={"n":9007199254740993}'], 'the integer 9007199254740993 is beyond 2^53 - 1'],
    [
      [...reserved, '--fingerprint=f', '--expires-at=+1d', '--retention=1d'],
      'either $.expires_at_ms or $.retention_ms'
    ],
    [['reserve', '--operation= ', '--key=k', ...owner], 'operation cannot be empty'],
    [['get', ...key, '--org='], '$.tenant.org_id cannot be empty']
  ]
  for (const [args, cause] of bad) {
    it(`are refused with one line of cause and one of remedy: ${cause}`, async () => {
      const { code, stdout, stderr } = await commandLine().run(args)
      expect({ code, stdout }).toEqual({ code: 10, stdout: '' })
      expect(stderr).toMatch(/^error: InvalidInput: .+\nwhat to do: .+\n$/)
      expect(stderr).toContain(cause)
      expect(stderr).not.toContain(secret)
    })
  }
})

describe('the store', () => {
  const opened = async (args: ReadonlyArray<string>, env = {}) => {
    const line = commandLine()
    await line.run(args, { env })
    return line.opened
  }
  it('is the one that is named, before the command or after it; else KEYFOLD_STORE’s; else the default one', async () => {
    expect(await opened(['--store=memory:', 'list'])).toMatchObject([{ store: 'memory:' }])
    expect(await opened(['list', '--store=memory:'], { KEYFOLD_STORE: 'sqlite:x.db' })).toMatchObject([
      { store: 'memory:' }
    ])
    expect(await opened(['list'], { KEYFOLD_STORE: 'sqlite:x.db' })).toMatchObject([{ store: 'sqlite:x.db' }])
    expect(await opened(['list'])).toMatchObject([{ store: 'sqlite:keyfold.db', category: undefined }])
    expect(await opened(['list', '--category=c'])).toMatchObject([{ category: 'c' }])
    expect(await opened(['list'], { KEYFOLD_STORE: '' })).toMatchObject([{ store: 'sqlite:keyfold.db' }])
  })
  it('is made by commands that begin something, and by no other', async () => {
    const makes = async (...args: ReadonlyArray<string>) => (await opened(args)).map(({ make }) => make)
    for (const args of [['reserve', ...key, ...owner], ['batch'], ['import', foreign]]) {
      expect(await makes(...args), args[0]).toEqual([true])
    }
    const operator = ['--by=ann', '--note=n']
    for (const args of [
      ['get', ...key],
      ['history', ...key],
      ['list'],
      ['export'],
      ['complete', ...claim, '--outcome=done'],
      ['release', ...claim],
      ['renew', ...claim, '--lease=1s'],
      ['expire-by-operator', ...key, ...operator],
      ['complete-by-operator', ...key, ...operator, '--outcome=done']
    ]) {
      expect(await makes(...args), args[0]).toEqual([false])
    }
  })
})

describe('what a command brings in', () => {
  const reserved = ['reserve', ...key, '--owner=me', '--lease=1h']

  it.each([
    [['import', '/nowhere'], 24, '/nowhere'],
    [['import', '-'], 24, 'not valid JSON'],
    [[...reserved, '--payload=@/nowhere'], 10, '/nowhere'],
    [[...reserved, '--payload=@-'], 10, '--payload: not valid JSON'],
    [[...reserved, '--payload={'], 10, '--payload: not valid JSON']
  ])('is read before the store is made: %j', async (args, code, cause) => {
    const { run, opened } = commandLine()
    expect(await run(args, { stdin: '[{' })).toMatchObject({ code, stderr: expect.stringContaining(cause) })
    expect(opened).toEqual([])
  })
  it('is not read where the address of the store, or the secret, is none', async () => {
    for (const env of [{ KEYFOLD_STORE: 'sqlite:\ufffd' }, { KEYFOLD_IDENTITY_SECRET: '\ufffd' }]) {
      const { run, opened } = commandLine()
      const { stderr } = await run(['import', '/nowhere'], { env })
      expect(stderr).not.toContain('/nowhere')
      expect(opened).toEqual([])
    }
  })
})

describe('the help of a name that is none', () => {
  it('is a complaint about it, and no help of something else', async () => {
    const { code, stdout, stderr } = await commandLine().run(['help', 'rserve'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^error: unknown command 'rserve' \(Did you mean reserve\?\)\n/)
  })
})
