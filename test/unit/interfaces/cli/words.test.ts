import { describe, expect, it } from 'vitest'
import { commandLine } from '../../../support/cli.ts'

const key = ['--operation=op', '--key=k']
const holder = ['--fingerprint=f', '--lease=1h', '--json']

describe('the word after an option that takes one', () => {
  for (const word of ['-v', '-vQ3k9', '--version', '-h', '--help', '--local', '--json', '--store', '--', '-x']) {
    it(`is its value: ${word}`, async () => {
      const { run } = commandLine()
      const reserved = await run(['reserve', '--operation', 'op', '--key', word, '--owner', word, ...holder])
      expect(reserved).toMatchObject({ code: 0, stderr: '' })
      expect(JSON.parse(reserved.stdout)).toMatchObject({ result: 'reserved', record: { key: word, owner: word } })
      const ended = await run(['expire-by-operator', '--operation=op', `--key=${word}`, '--by', 'ann', '--note', word])
      expect(ended).toMatchObject({ code: 0, stderr: '' })
      const { stdout } = await run(['history', '--operation=op', '--json', '--key', word])
      expect(JSON.parse(stdout).events[1].data).toMatchObject({ note: word })
    })
  }
})

describe('an option that every command shares', () => {
  const opened = async (...args: ReadonlyArray<string>) => {
    const line = commandLine()
    expect(await line.run(args)).toMatchObject({ code: 0 })
    return line.opened.map(({ store, category }) => [store, category])
  }
  it('stands before the command or after it; the one after it counts', async () => {
    expect(await opened('--store', 'A', '--category', 'c', 'list')).toEqual([['A', 'c']])
    expect(await opened('--store', 'A', 'list', '--category', 'c')).toEqual([['A', 'c']])
    expect(await opened('--store', 'A', 'list', '--store', 'B')).toEqual([['B', undefined]])
    expect(await opened('list', '--store=A', '--store=B')).toEqual([['B', undefined]])
    expect(await opened('--store', 'A', '--', 'list')).toEqual([['A', undefined]])
  })
  it('is taken for no name of a command', async () => {
    expect(await commandLine().run(['--store', 'list'])).toMatchObject({ code: 2, stdout: '' })
  })
})

describe('the version', () => {
  const version = { code: 0, stdout: '1.2.3\n', stderr: '' }
  it.each([
    [['-v']],
    [['--version']],
    [['--json', '-v']],
    [['-v', 'list']],
    [['list', '-v']],
    [['list', '--version']],
    [['reserve', ...key, '-v']],
    [['reserve', '--version']]
  ])('is what is asked for: %j', async (args) => {
    expect(await commandLine().run(args)).toEqual(version)
  })
  it.each([
    [['list', '-vx']],
    [['list', '--nope', '-v']],
    [['reserve', ...key, '--own', '-v', ...holder]],
    [['import', '-vkeys.json']],
    [['list', '--', '-v']]
  ])('is not: %j', async (args) => {
    expect(await commandLine().run(args)).toMatchObject({ code: 2, stdout: '' })
  })
})

describe('an option that is none', () => {
  it.each([
    [['reserve', '--opertion', 'charge'], "unknown option '--opertion' (Did you mean --operation?)"],
    [['get', '--operation=o', '--kye=order-secret-1'], "unknown option '--kye' (Did you mean --key?)"],
    [['--stroe=memory:', 'list'], "unknown option '--stroe' (Did you mean --store?)"],
    [['--stroe=memory:'], "unknown option '--stroe' (Did you mean --store?)"],
    [['list', '-k=order-secret-1'], "unknown option '-k'"]
  ])('is told by its name alone, with the nearest that is: %j', async (args, cause) => {
    const { code, stdout, stderr } = await commandLine().run(args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr.split('\n', 1)).toEqual([`error: ${cause}`])
    expect(stderr).not.toContain('secret')
  })
})

describe('line ends in an argument', () => {
  const forged = 'x\nerror: StoreFull: the disk is full'
  const suggests = 'x\n(Did you mean list?)'
  it.each([
    [['list', '--status', forged]],
    [['list', `--status=${forged}`]],
    [['list', forged]],
    [['list', suggests]],
    [[forged]],
    [['list', `--${forged}`]],
    [['list', `--${suggests}`]],
    [['list', '--limit', 'x\r\u2028y']],
    [['help', forged]]
  ])('neither break nor forge one of a complaint: %j', async (args) => {
    const { code, stderr } = await commandLine().run(args)
    expect(code).toBe(2)
    expect(stderr).toMatch(/^error: [^\r\n\u2028]+\nwhat to do: [^\r\n\u2028]+\n$/)
  })
})
