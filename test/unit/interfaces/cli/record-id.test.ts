import { describe, expect, it } from 'vitest'
import { recordId } from '../../../../src/composition/hashing.ts'
import { commandLine } from '../../../support/cli.ts'

const idOf = (key: string): string => recordId({ orgId: 'local', workspaceId: 'default' }, 'op', key)

/** Two keys whose record ids begin alike: among 700 there are two that share four digits, as good as surely. */
const twins = (): readonly [string, string] => {
  const seen = new Map<string, string>()
  for (let index = 0; ; index++) {
    const key = `k-${index}`
    const beginning = idOf(key).slice(0, 9)
    const before = seen.get(beginning)
    if (before !== undefined) return [before, key]
    seen.set(beginning, key)
  }
}

const filled = async (...keys: ReadonlyArray<string>) => {
  const world = commandLine()
  for (const key of keys) {
    const reserve = ['reserve', '--operation=op', `--key=${key}`, '--owner=me', '--fingerprint=f', '--lease=none']
    expect(await world.run(reserve)).toMatchObject({ code: 0 })
  }
  return world
}

const reading: ReadonlyArray<ReadonlyArray<string>> = [
  ['get'],
  ['history'],
  ['as-of', '--revision=0'],
  ['diff', '--from-revision=0', '--to-revision=0'],
  ['verify'],
  ['what-if', '--lease=5s']
]

describe('a key by its record id', () => {
  for (const command of reading) {
    it(`is the key itself, whole or shortened, to ${command[0]}`, async () => {
      const { run } = await filled('a', 'b')
      const byKey = await run([...command, '--operation=op', '--key=a', '--json'])
      expect(byKey).toMatchObject({ code: 0, stderr: '' })
      for (const id of [idOf('a'), idOf('a').slice(0, 9), `${idOf('a').slice(0, 17)}…`]) {
        expect(await run([...command, '--record-id', id, '--json'])).toEqual(byKey)
      }
    })
    it(`that no key has is one that was never seen, to ${command[0]}`, async () => {
      const { run } = await filled('b')
      const byKey = await run([...command, '--operation=op', '--key=a'])
      // what was not there to be judged is not sound
      expect(byKey.code).toBe(command[0] === 'verify' ? 4 : 0)
      expect(byKey.stdout).toMatch(/never seen|nobody holds|not seen by then|^0 of 0 requests of 0 keys/)
      for (const id of [idOf('a'), idOf('a').slice(0, 9)]) {
        expect(await run([...command, `--record-id=${id}`])).toEqual(byKey)
      }
    })
  }

  it('is refused where several begin so, and they are named', async () => {
    const [one, other] = twins()
    const { run } = await filled(one, other)
    const shared = idOf(one).slice(0, 9)
    const { code, stdout, stderr } = await run(['get', `--record-id=${shared}`])
    expect({ code, stdout }).toEqual({ code: 10, stdout: '' })
    const both = [idOf(one), idOf(other)].toSorted().join(', ')
    expect(stderr).toContain(`--record-id ${shared} is the beginning of 2 record ids: ${both}\n`)
    const longer = [...idOf(one)].findIndex((digit, index) => digit !== idOf(other)[index]) + 1
    const told = await run(['get', `--record-id=${idOf(one).slice(0, longer)}`, '--json'])
    expect(JSON.parse(told.stdout).record.key).toBe(one)
  })

  const misuse: ReadonlyArray<readonly [args: ReadonlyArray<string>, cause: string]> = [
    [[], 'give --operation and --key, or --record-id'],
    [['--operation=op'], 'give --operation and --key with their tenant, or --record-id alone'],
    [['--record-id=idem_1234', '--key=a'], 'or --record-id alone'],
    [['--record-id=idem_1234', '--org=o'], 'or --record-id alone'],
    [['--record-id=idem_123'], 'the first of them, 4 at least'],
    [['--record-id=1234'], 'the first of them, 4 at least'],
    [['--record-id=idem_ABCD'], 'the first of them, 4 at least'],
    [[`--record-id=idem_${'0'.repeat(65)}`], 'the first of them, 4 at least']
  ]
  for (const [args, cause] of misuse) {
    it(`is given one way: ${args.join(' ').slice(0, 60)}`, async () => {
      const { code, stderr } = await commandLine().run(['get', ...args])
      expect(code).toBe(2)
      expect(stderr).toContain(cause)
    })
  }
})
