import { describe, expect, it } from 'vitest'
import { noStream } from '../../../../src/domain/expected-revision.ts'
import { commandLine } from '../../../support/cli.ts'

const reserve = (name: string, ...more: ReadonlyArray<string>) => [
  'reserve',
  '--operation=op',
  `--key=${name}`,
  '--owner=me',
  '--fingerprint=fp',
  '--lease=none',
  ...more
]

const filled = async () => {
  const world = commandLine()
  await world.run(reserve('secret'))
  await world.run(['complete', '--by-key-unfenced', '--operation=op', '--key=secret', '--outcome=done'])
  await world.run(reserve('theirs', '--org=acme', '--workspace=shop'))
  await world.run(reserve('blue', '--org=acme', '--workspace=shop', '--deployment=blue', '--operation=other'))
  const tail = async (...args: ReadonlyArray<string>) => {
    const { code, stdout, stderr } = await world.run(['tail', '--no-follow', ...args])
    return { code, stderr, lines: stdout.split('\n').slice(0, -1) }
  }
  const typesOf = async (...args: ReadonlyArray<string>) => {
    const { code, stderr, lines } = await tail('--json', ...args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return lines.map((line) => JSON.parse(line).type)
  }
  return { ...world, tail, typesOf }
}

describe('keyfold tail', () => {
  it('shows when, which key by its record id, which revision, what, and where', async () => {
    const { tail } = await filled()
    const { lines } = await tail('--from=start')
    const [first, second] = lines.map((line) => line.split('\t'))
    expect(first).toEqual([
      '2026-01-01T00:00:00.000Z',
      expect.stringMatching(/^idem_[0-9a-f]{64}$/),
      '0',
      'Reserved',
      'epoch 1 by me, no lease',
      '1'
    ])
    expect(second?.slice(2)).toEqual(['1', 'Completed', 'epoch 1: done, unfenced', '2'])
    expect(lines).toHaveLength(4)
    expect(lines.join()).not.toContain('secret')
  })
  it('is one object of JSON a line, as events are exported', async () => {
    const { tail, run } = await filled()
    const { lines } = await tail('--from=start', '--json')
    expect(lines).toEqual((await run(['export', '--what=events'])).stdout.split('\n').slice(0, -1))
  })
  it('begins at the start, after a position, or at the end', async () => {
    const { typesOf } = await filled()
    expect(await typesOf('--from=start')).toEqual(['Reserved', 'Completed', 'Reserved', 'Reserved'])
    expect(await typesOf('--from=2')).toEqual(['Reserved', 'Reserved'])
    expect(await typesOf('--from=end')).toEqual([])
    expect(await typesOf()).toEqual([])
  })
  it('is narrowed by tenant, operation and type', async () => {
    const { typesOf } = await filled()
    const from = '--from=start'
    expect(await typesOf(from, '--type', 'Completed', 'Expired')).toEqual(['Completed'])
    expect(await typesOf(from, '--org=local', '--workspace=default')).toEqual(['Reserved', 'Completed'])
    expect(await typesOf(from, '--org=acme', '--workspace=shop')).toEqual(['Reserved'])
    expect(await typesOf(from, '--org=acme', '--workspace=shop', '--deployment=blue')).toEqual(['Reserved'])
    expect(await typesOf(from, '--operation=other')).toEqual(['Reserved'])
    expect(await typesOf(from, '--operation=none')).toEqual([])
  })
  it.each([
    [['--org=acme'], 10, '--org and --workspace'],
    [['--deployment=blue'], 10, '--org and --workspace'],
    [['--from=nowhere'], 10, 'position'],
    [['--type', 'Lost'], 2, 'Allowed choices']
  ] as const)('refuses %j', async (args, code, why) => {
    const { tail } = await filled()
    const refused = await tail(...args)
    expect(refused).toMatchObject({ code, lines: [] })
    expect(refused.stderr).toContain(why)
  })
  it('names what cannot be read and goes on, or fails where it is to', async () => {
    const { store, run } = await filled()
    const prefix = `idempotency-idem_${'0'.repeat(64)}`
    const event = { id: 'f47ac10b-58cc-4372-a567-0e02b2c3d479', type: 'Reserved', data: '{}', metadata: '{}' }
    await store.append({ stream: prefix, expected: noStream, events: [event] })()
    await run(reserve('after'))
    const told = await run(['tail', '--no-follow', '--from=start'])
    expect(told.code).toBe(3)
    expect(told.stderr).toMatch(/^not read: idem_0+ at position 5: \w+: .*\n$/)
    expect(told.stdout.split('\n')).toHaveLength(6)
    expect(await run(['tail', '--no-follow', '--from=end'])).toMatchObject({ code: 0, stderr: '' })
    expect(await run(['tail', '--no-follow', '--from=start', '--strict'])).toMatchObject({ code: 23 })
  })
})
