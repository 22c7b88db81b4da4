import { describe, expect, it } from 'vitest'
import { commandLine } from '../../../support/cli.ts'

const key = (name: string) => ['--operation=op', `--key=${name}`]
const reserve = (name: string, fingerprint = 'fp', owner = 'me') => [
  'reserve',
  ...key(name),
  `--owner=${owner}`,
  `--fingerprint=${fingerprint}`,
  '--lease=none'
]

const filled = async () => {
  const world = commandLine()
  await world.run(reserve('a'))
  await world.run(['complete', '--by-key-unfenced', ...key('a'), '--outcome=done'])
  await world.run(reserve('b'))
  await world.run(reserve('b', '=other', 'you'))
  await world.run(reserve('a', '=other'))
  return world
}

describe('keyfold conflicts', () => {
  it('are rows by operation and fingerprint, and says that it was a scan', async () => {
    const { run } = await filled()
    expect((await run(['conflicts'])).stdout).toBe(
      [
        'count\toperation\tfingerprint\tfirst\tlast\towners',
        '2\top\t\\=other\t2026-01-01T00:00:03.000Z\t2026-01-01T00:00:04.000Z\tme, you',
        '1 row by a scan\n'
      ].join('\n')
    )
    const json = JSON.parse((await run(['conflicts', '--json'])).stdout)
    expect(json).toMatchObject({ source: 'scan', found: 1, unlisted: 0 })
    expect(json.conflicts).toMatchObject([
      { operation: 'op', request_fingerprint: '=other', count: 2, owners: ['me', 'you'] }
    ])
    expect((await run(['conflicts', '--limit=0'])).stdout).toContain('1 row by a scan, 1 of them not shown\n')
  })
})

describe('keyfold stats', () => {
  it('are lines in a pipe', async () => {
    const { run } = await filled()
    expect((await run(['stats', '--every=1d'])).stdout).toBe(
      [
        '5 events by a scan; percentiles are off by 1 % at most',
        'operation\treserved\tin doubt\tcompleted\tconflicted\tfree\ttook p50\tp90\tp99\tmost',
        'op\t0\t0\t0\t2\t0\t1s\t1s\t1s\t1s',
        'events for each 1d',
        'from\treserved\tduplicates\tconflicts\tcompleted\texpired\tall',
        '2026-01-01T00:00:00.000Z\t2\t0\t2\t1\t0\t5',
        'no request came again after its retention\n'
      ].join('\n')
    )
  })
  it('are drawn on a terminal, each time as long as it had events', async () => {
    const { run } = await filled()
    const { stdout } = await run(['stats', '--every=2s'], { isTTY: true, columns: 120 })
    expect([...stdout.matchAll(/^2026\S+.* (█+)$/gm)].map(([, bar = '']) => bar.length)).toEqual([30, 30, 15])
  })
  it('are one document of JSON', async () => {
    const { run } = await filled()
    const json = JSON.parse((await run(['stats', '--json', '--every=1d'])).stdout)
    expect(json).toMatchObject({
      source: 'scan',
      events: 5,
      relative_error: 0.01,
      operations: [
        { operation: 'op', keys: { conflicted: 2, in_doubt: 0 }, time_to_complete: { count: 1, most_ms: 1000 } }
      ],
      bucket_ms: 86_400_000,
      buckets: [{ counts: { reserved: 2, conflict_recorded: 2, completed: 1 } }],
      late_duplicates: { count: 0 },
      completed_before_reserved: 0
    })
  })
  it('of an empty store are empty, and times that make no sense are refused', async () => {
    const { run } = commandLine()
    expect(await run(['stats'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^0 events by a scan/) })
    expect(await run(['stats', '--every=0ms'])).toMatchObject({ code: 10 })
  })
})
