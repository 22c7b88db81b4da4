import * as TE from 'fp-ts/TaskEither'
import { describe, expect, it } from 'vitest'
import { failure } from '../../../../src/domain/failure.ts'
import { exitCodeOf } from '../../../../src/interfaces/cli/errors/exit-codes.ts'
import { redactor } from '../../../../src/interfaces/cli/errors/redact.ts'
import { remedyFor } from '../../../../src/interfaces/cli/errors/remedies.ts'
import { inSnakeCase, snakePath } from '../../../../src/interfaces/cli/shape/snake-case.ts'
import { commandLine } from '../../../support/cli.ts'

const tags = [
  'InvalidInput',
  'LimitExceeded',
  'Overloaded',
  'UnknownClaim',
  'Contended',
  'AppendUnknown',
  'StoreBusy',
  'StoreFull',
  'StoreReadOnly',
  'StoreUnavailable',
  'StoreTimeout',
  'AccessDenied',
  'NotAStore',
  'UnsupportedVersion',
  'CorruptStream',
  'ImportRefused',
  'Aborted'
] as const

/** The command line whose store cannot be opened, for this reason. */
const failing = (failed: ReturnType<typeof failure>) => commandLine({ openLedger: () => TE.left(failed) })

describe('a failure', () => {
  for (const tag of tags) {
    it(`${tag} is complained about in two lines, and has an exit code of its own`, async () => {
      const { code, stdout, stderr } = await failing(failure(tag, 'what happened')).run(['list'])
      expect({ code, stdout }).toEqual({ code: exitCodeOf(tag), stdout: '' })
      expect(stderr).toBe(`error: ${tag}: what happened\nwhat to do: ${remedyFor(failure(tag, ''))}\n`)
      expect(remedyFor(failure(tag, ''))).toMatch(/^[a-z][^\n]{20,}[^.\n]$/)
    })
  }
  it('has a code that no other thing has, and that shells leave alone', () => {
    const codes = tags.map(exitCodeOf)
    expect(new Set(codes).size).toBe(tags.length)
    for (const code of codes) expect(code > 2 && code < 126).toBe(true)
  })
  it('stays on its line, whatever it quotes', async () => {
    const { stderr } = await failing(failure('InvalidInput', 'a\nb\u001b[31m')).run(['list'])
    expect(stderr).toMatch(/^error: InvalidInput: a\\nb\\u001b\[31m\nwhat to do: .*\n$/)
  })
  it('AppendUnknown comes with the claim that may stand', async () => {
    const claim = { recordId: 'idem_x', epoch: 2, claimId: 'c-1' }
    const { stderr } = await failing(failure('AppendUnknown', 'not known', { claim })).run(['list'])
    expect(stderr).toContain('error: AppendUnknown: not known, claim id c-1\n')
  })
  it('of a module that is missing is told how to get it, however deep its cause is', () => {
    const missing = Object.assign(new Error("Cannot find module '@libsql/linux-x64-gnu'"), { code: 'MODULE_NOT_FOUND' })
    for (const cause of [missing, { cause: missing }, { cause: { cause: missing } }]) {
      expect(remedyFor(failure('StoreUnavailable', 'no driver', { cause }))).toContain('npm install --include=optional')
    }
    expect(remedyFor(failure('StoreUnavailable', 'no driver', { cause: new Error('refused') }))).toContain('--store')
  })
  it.each([
    ['ImportRefused', 'ENOENT', 'name of the file'],
    ['InvalidInput', 'EEXIST', '--force'],
    ['InvalidInput', 'ENOENT', 'folder'],
    ['ImportRefused', 'SOMETHING', 'named above']
  ] as const)('is told what fits its cause: %s for %s', (tag, code, remedy) => {
    expect(remedyFor(failure(tag, 'no', { cause: Object.assign(new Error('no'), { code }) }))).toContain(remedy)
  })
  it.each([
    ["Cannot find package '@eventstore/db-client'", 'npm install @eventstore/db-client'],
    ["Cannot find module 'libsql'", 'npm install libsql']
  ])('names the one package that is missing: %s', (message, remedy) => {
    const cause = Object.assign(new Error(message), { code: 'ERR_MODULE_NOT_FOUND' })
    expect(remedyFor(failure('StoreUnavailable', 'not there', { cause }))).toContain(remedy)
  })
  it('of a damaged store is to restore it, and never to begin a new one', () => {
    const cause = Object.assign(new Error('malformed'), { code: 'SQLITE_CORRUPT' })
    const known = remedyFor(failure('NotAStore', 'the file is damaged', { cause }))
    expect(known).toMatch(/^stop writing to this store, keep a copy, restore it from a backup, then run keyfold verify/)
    const said = remedyFor(failure('NotAStore', 'the file is damaged: its version is gone'))
    expect(said).toContain(known)
    for (const remedy of [known, said]) expect(remedy).not.toContain('new')
  })
  it('is short, whatever a library says', async () => {
    const message = `begin ${'x'.repeat(60_000)} end`
    const { stderr } = await failing(failure('StoreUnavailable', message)).run(['list'])
    expect(stderr).toMatch(/^error: StoreUnavailable: begin x+ … x+ end\nwhat to do: .*\n$/)
    expect(stderr.length).toBeLessThan(1300)
    for (const args of [
      ['get', '--now', message],
      ['get', `--now=${message}`],
      [message],
      ['get', `--no=${message}`]
    ]) {
      const misuse = await commandLine().run(args)
      expect(misuse.code).toBe(2)
      expect(misuse.stderr).toMatch(/^error: [^\n]{1,300}\nwhat to do: .*\n$/)
    }
  })
  it('that is a defect is owned up to, without a stack trace', async () => {
    const line = commandLine({
      openLedger: () => () => {
        throw new TypeError('x is not a function')
      }
    })
    expect(await line.run(['list'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: unexpected: x is not a function\nwhat to do: please report this; it is a defect of keyfold\n'
    })
  })
})

describe('an option that a command must have', () => {
  it('is marked in its help, and no other', async () => {
    const { stdout } = await commandLine().run(['reserve', '--help'])
    const marked = [...stdout.matchAll(/^ +(--[\w-]+)(?:(?!\n +-)[\s\S])*?\(required\)/gm)].map(([, flag]) => flag)
    expect(marked).toEqual(['--operation', '--key', '--owner', '--lease'])
  })
})

describe('the password of an address', () => {
  const address = 'esdb://admin:p%40ss/w0rd@db.example:2113?tls=true'
  const leaks = [
    failure('StoreUnavailable', `cannot reach ${address}`),
    failure('StoreUnavailable', 'cannot log in with p%40ss/w0rd'),
    failure('AccessDenied', 'user admin, password p@ss/w0rd')
  ]
  const secrets = /p%40ss|p@ss|w0rd/

  for (const leak of leaks) {
    it(`is not shown: ${leak.message.replace(secrets, '…')}`, async () => {
      for (const [args, env] of [
        [['list', '--store', address], {}],
        [['list', `--store=${address}`], {}],
        [['list'], { KEYFOLD_STORE: address }]
      ] as const) {
        const { stderr } = await failing(leak).run(args, { env })
        expect(stderr).toMatch(/^error: \w+: .*…/)
        expect(stderr).not.toMatch(secrets)
      }
    })
  }
  it('is not shown by a defect, nor where the command line was not understood', async () => {
    const line = commandLine({
      openLedger:
        ({ store }) =>
        () => {
          throw new Error(`invalid URL ${store}`)
        }
    })
    const defect = await line.run(['list', '--store', address])
    expect(defect.stderr).toMatch(/^error: unexpected: invalid URL esdb:\/\/…@db\.example/)
    for (const args of [
      [address, 'list'],
      ['list', '--source', address],
      ['get', `--nope=${address}`]
    ]) {
      const { code, stderr } = await line.run(args)
      expect(code).toBe(2)
      expect(stderr).not.toMatch(secrets)
    }
  })
  it('is taken out of any address, and nothing else is', () => {
    const redact = redactor([])
    expect(redact('at esdb+discover://u:p:@q@host:1, tls')).toBe('at esdb+discover://…@host:1, tls')
    expect(redact('mail me@example.com, sqlite:a@b.db')).toBe('mail me@example.com, sqlite:a@b.db')
    expect(redactor(['esdb://user@host'])('user user@host')).toBe('user user@host')
    expect(redactor(['esdb://user:%zz@host'])('no %zz here')).toBe('no … here')
    expect(redactor(['esdb://user:b@host'])('StoreUnavailable: user:b, password "b"')).toBe(
      'StoreUnavailable: user:…, password "…"'
    )
    expect(redactor(['esdb://user:a.*(b@host'])('aXX(b, a.*(b, Ya.*(bZ')).toBe('aXX(b, …, Y…Z')
  })
})

describe('a path', () => {
  it('is in the names of the command line’s JSON, but within details', () => {
    expect(snakePath('$.tenant.orgId')).toBe('$.tenant.org_id')
    expect(snakePath('$.outcome.secondaryRefKind')).toBe('$.outcome.secondary_ref_kind')
    expect(snakePath('$.outcome.details.nowMs')).toBe('$.outcome.details.nowMs')
    expect(snakePath('$.owner')).toBe('$.owner')
  })
  it('is so in the message too, wherever it names one', () => {
    const failed = failure('InvalidInput', 'either $.expiresAtMs or $.retentionMs', { path: '$.retentionMs' })
    expect(inSnakeCase(failed)).toEqual({
      _tag: 'InvalidInput',
      message: 'either $.expires_at_ms or $.retention_ms',
      path: '$.retention_ms'
    })
  })
})
