import { writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { maxTextBytes } from '../../../../src/interfaces/cli/input/read-text.ts'
import { commandLine } from '../../../support/cli.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

const key = ['--operation=op', '--key=k']
const reserving = ['reserve', ...key, '--owner=me', '--lease=1h']
const claim = ['--record-id=r', '--epoch=1', '--claim-id=c']

/** Every option that reads a file or stdin. */
const readers: ReadonlyArray<readonly [option: string, args: ReadonlyArray<string>]> = [
  ['--payload', reserving],
  ['--claim', ['release']],
  ['--details', ['complete', ...claim, '--outcome=done']],
  ['--outcome-json', ['complete', ...claim]]
]

const utf16 = (text: string, mark = '\ufeff'): Buffer => Buffer.from(mark + text, 'utf16le')

/** What is no UTF-8, and what is said of it. */
const refused: ReadonlyArray<readonly [name: string, bytes: Buffer, cause: string]> = [
  ['Latin-1', Buffer.from('{"name":"é"}', 'latin1'), 'is not UTF-8'],
  ['UTF-8 cut in a character', Buffer.from('"é"').subarray(0, 2), 'is not UTF-8'],
  ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'is not UTF-8'],
  ['UTF-16', utf16('{"a":1}'), 'is UTF-16: write UTF-8'],
  ['UTF-16 without a mark', utf16('{"a":1}', ''), 'is UTF-16: write UTF-8'],
  ['UTF-16 of the other order', utf16('{"a":1}').swap16(), 'is UTF-16: write UTF-8'],
  ['a byte order mark', Buffer.from('\ufeff{"a":1}'), 'begins with a byte order mark (U+FEFF)']
]

describe('bytes that would become another request', () => {
  for (const [option, args] of readers) {
    for (const [name, bytes, cause] of refused) {
      it(`${name} is refused by name, from ${option} @FILE and @-`, async () => {
        const file = temporaryFile('value.json')
        writeFileSync(file, bytes)
        for (const [source, stdin] of [
          [file, Buffer.alloc(0)],
          ['-', bytes]
        ] as const) {
          const { code, stdout, stderr } = await commandLine().run([...args, `${option}=@${source}`], { stdin })
          expect({ code, stdout }).toEqual({ code: 10, stdout: '' })
          expect(stderr).toMatch(/^error: InvalidInput: [^\n]+\nwhat to do: [^\n]+\n$/)
          expect(stderr).toContain(`${option}: ${source === '-' ? 'stdin' : file} ${cause}`)
        }
      })
    }
    for (const [json, path] of [
      ['{"amount":10,"amount":99}', '$.amount'],
      ['{"a":[{"b":1,"\\u0062":2}]}', '$.a[0].b'],
      ['{"__proto__":1,"__proto__":2}', '$.__proto__']
    ]) {
      it(`${json} is refused by ${option}: readers differ on which member counts`, async () => {
        const { code, stderr } = await commandLine().run([...args, `${option}=${json}`])
        expect(code).toBe(10)
        expect(stderr).toContain(`error: InvalidInput: ${option}: two members have the same name (at ${path})`)
      })
    }
  }
  it('is what two payloads in Latin-1 were: neither is taken, and nothing is opened for good', async () => {
    const { run, store } = commandLine()
    for (const name of ['é', 'è']) {
      expect(await run([...reserving, '--payload=@-'], { stdin: Buffer.from(`"${name}"`, 'latin1') })).toMatchObject({
        code: 10
      })
    }
    expect(await store.readAll('start', '', 10)()).toMatchObject({ right: { events: [] } })
  })
  it('is a mark in the argument itself', async () => {
    const { code, stderr } = await commandLine().run([...reserving, '--payload=\ufeff{}'])
    expect(code).toBe(10)
    expect(stderr).toContain('--payload begins with a byte order mark')
  })
})

describe('an option that reads', () => {
  it('takes UTF-8 of every length of character, and members whose names only look alike', async () => {
    const { run } = commandLine()
    const stdin = '{"é":"€","e\u0301":"😀","\u00e9 ":"\\ufffd"}'
    expect(await run([...reserving, '--payload=@-'], { stdin })).toMatchObject({ code: 0 })
    expect(await run([...reserving, '--payload=@-'], { stdin })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^duplicate/)
    })
  })
  it('stops at its limit, of a file that does not end and of a stdin that does not', async () => {
    const limit = `has more than ${maxTextBytes} bytes`
    const endless = await commandLine().run([...reserving, '--payload=@/dev/zero'])
    expect(endless).toMatchObject({ code: 11, stderr: expect.stringContaining(`--payload: /dev/zero ${limit}`) })
    const chunk = Buffer.alloc(1024 * 1024, ' ')
    const stdin = Readable.from(
      (function* () {
        for (;;) yield chunk
      })()
    )
    const piped = await commandLine({ stdin }).run(['release', '--claim=@-'])
    expect(piped).toMatchObject({ code: 11, stderr: expect.stringContaining(`--claim: stdin ${limit}`) })
  })
  it('says why a file cannot be read', async () => {
    const folder = dirname(temporaryFile('x'))
    const missing = await commandLine().run([...reserving, '--payload=@/nowhere/at/all'])
    expect(missing.stderr).toContain('InvalidInput: --payload: /nowhere/at/all cannot be read (ENOENT)')
    const isFolder = await commandLine().run([...reserving, `--payload=@${folder}`])
    expect(isFolder.stderr).toContain(`${folder} cannot be read (EISDIR)`)
    const long = await commandLine().run([...reserving, `--payload=@/${'x'.repeat(100_000)}`])
    expect(long.code).toBe(10)
    expect(long.stderr).toContain('cannot be read (ENAMETOOLONG)')
    expect(long.stderr.length).toBeLessThan(500)
  })
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143]
  ] as const)('is stopped by %s while it waits for stdin, and says so', async (signal, code) => {
    const stdin = new Readable({ read: () => setImmediate(() => process.emit(signal)) })
    const stopped = await commandLine({ stdin }).run([...reserving, '--payload=@-'])
    expect(stopped).toMatchObject({ code, stdout: '' })
    expect(stopped.stderr).toMatch(/^error: Aborted: stopped before it was answered\n/)
  })
  it('does not find stdin empty because another one had it', async () => {
    const stdin = '{"record_id":"r","epoch":1,"claim_id":"c"}'
    const { code, stderr } = await commandLine().run(['complete', '--claim=@-', '--outcome-json=@-'], { stdin })
    expect(code).toBe(10)
    expect(stderr).toContain('InvalidInput: --outcome-json: stdin was read already')
  })
  it('refuses a member that it does not know, where it would be left out in silence', async () => {
    const outcome = await commandLine().run(['complete', ...claim, '--outcome-json={"outcome_kind":"d","detials":1}'])
    expect(outcome.stderr).toContain('InvalidInput: $.outcome has no field "detials"; known are outcome_kind, ')
    const given = await commandLine().run(['release', '--claim={"record_id":"r","epoch":1,"claim_id":"c","lease":1}'])
    expect(given.stderr).toContain('--claim: $ has no field "lease"; known are record_id, epoch, claim_id')
  })
})

describe('arguments that were not UTF-8', () => {
  const damaged = 'caf\ufffd'
  const whole = { operation: 'op', key: 'k', owner: 'me', fingerprint: 'f', org: 'o', workspace: 'w', deployment: 'd' }
  const others = { actor: 'a', 'claim-id': 'c', 'event-id': 'e', store: 'memory:', category: 'c', lease: '1s' }
  const options = Object.entries({ ...whole, ...others })

  for (const [name] of options) {
    const args = (joined: boolean) => [
      'reserve',
      ...options.flatMap(([option, value]) => {
        const given = option === name ? damaged : value
        return joined ? [`--${option}=${given}`] : [`--${option}`, given]
      })
    ]
    it(`--${name}: are refused, by the name of the option alone`, async () => {
      for (const joined of [true, false]) {
        const { run, opened } = commandLine()
        const { code, stdout, stderr } = await run(args(joined))
        expect({ code, stdout, opened }).toEqual({ code: 10, stdout: '', opened: [] })
        expect(stderr).toMatch(new RegExp(`^error: InvalidInput: --${name} is not UTF-8, or holds U\\+FFFD`))
        expect(stderr).not.toContain('caf')
      }
    })
  }
  it('are refused where they stand alone, and in the environment', async () => {
    const { run, opened } = commandLine()
    expect((await run(['import', damaged])).stderr).toContain('InvalidInput: an argument is not UTF-8')
    expect((await run(['list'], { env: { KEYFOLD_STORE: damaged } })).stderr).toContain(
      'InvalidInput: KEYFOLD_STORE is not UTF-8'
    )
    const secret = { KEYFOLD_IDENTITY_SECRET: `${damaged}, long enough for a secret` }
    for (const args of [['list'], ['batch'], ['doctor']]) {
      const { code, stdout, stderr } = await run(args, { env: secret })
      expect({ code, stdout }, args[0]).toEqual({ code: 10, stdout: '' })
      expect(stderr).toContain('InvalidInput: KEYFOLD_IDENTITY_SECRET is not UTF-8')
      expect(stderr).not.toContain('caf')
    }
    expect(opened).toEqual([])
    expect(await run(['list', '--store=memory:'], { env: { KEYFOLD_STORE: damaged } })).toMatchObject({ code: 0 })
  })
})
