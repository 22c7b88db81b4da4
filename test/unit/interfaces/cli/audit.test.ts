import { describe, expect, it } from 'vitest'
import { commandLine, type Said } from '../../../support/cli.ts'
import { claimed, keyed, recordIdOf, reserve } from '../../../support/story.ts'

const at = (seconds: number): string => `--now=2026-01-01T00:00:${String(seconds).padStart(2, '0')}Z`
const lease = '--lease=30s'
const id = recordIdOf('order-1')

/** `order-1` was reserved with a lease of 30 s, seen again, and completed late, when its lease was over. */
const told = async () => {
  const line = commandLine()
  const reserving = (claimId: string, ...more: ReadonlyArray<string>) =>
    line.run([...reserve('order-1', claimId).filter((arg) => !arg.startsWith('--lease')), lease, ...more])
  await reserving('c-1', at(0))
  await reserving('c-2', at(10))
  await line.run(['complete', ...claimed('order-1', 'c-1'), '--outcome=charged', at(50)])
  return line
}

const json = ({ stdout }: Said) => JSON.parse(stdout)

const explaining = (...more: ReadonlyArray<string>): ReadonlyArray<string> => [
  'explain',
  ...keyed('order-1'),
  '--owner=web-2',
  '--fingerprint=amount=10',
  ...more
]

describe('as-of', () => {
  it('shows the record of the moment', async () => {
    const { run } = await told()
    const shown = await run(['as-of', ...keyed('order-1'), '--revision=1'])
    expect(shown).toMatchObject({ code: 0, stderr: '' })
    expect(shown.stdout).toMatch(/^held, as of revision 1, recorded at 2026-01-01T00:00:01\.000Z\n/)
    expect(shown.stdout).toMatch(/^status\treserved$/m)
    expect(json(await run(['as-of', ...keyed('order-1'), '--at=2026-01-01T00:00:00Z', '--json']))).toMatchObject({
      state: 'held',
      revision: 0,
      recorded_at_ms: 1767225600000,
      record: { record_id: id, status: 'reserved', duplicate_count: 0 }
    })
  })
  it('shows that there was none yet, and how the last one ended', async () => {
    const { run } = await told()
    const before = ['as-of', ...keyed('order-1'), '--at=2025-12-31T23:59:59Z']
    expect((await run(before)).stdout).toBe('none: the key was not seen by then\n')
    expect(json(await run([...before, '--json']))).toEqual({ state: 'never_seen', record: null })
    await run(['expire-by-operator', ...keyed('order-1'), '--by=ann', '--note=why'])
    const after = ['as-of', ...keyed('order-1'), '--revision=3']
    expect((await run(after)).stdout).toMatch(/^vacant: the last reservation ended \(operator\), as of revision 3/)
    expect(json(await run([...after, '--json']))).toMatchObject({
      state: 'vacant',
      record: null,
      ended: { reason: 'operator', record: { status: 'completed' } }
    })
  })
  it('refuses a revision that is not there yet, by its option, and wants one moment', async () => {
    const { run } = await told()
    const beyond = await run(['as-of', ...keyed('order-1'), '--revision=9'])
    expect(beyond).toMatchObject({ code: 10, stdout: '' })
    expect(beyond.stderr).toContain('InvalidInput: --revision is beyond the last one of the key, which is 2')
    for (const moments of [[], ['--revision=1', '--at=2026-01-01T00:00:01Z']]) {
      const misused = await run(['as-of', ...keyed('order-1'), ...moments])
      expect(misused).toMatchObject({ code: 2, stdout: '' })
      expect(misused.stderr).toContain('give either --at or --revision')
    }
  })
})

describe('diff', () => {
  it('shows the fields that differ and the events between', async () => {
    const { run } = await told()
    const asked = ['diff', ...keyed('order-1'), '--from-revision=0', '--to-revision=2']
    const { stdout, code } = await run(asked)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^field\tbefore\tafter\nstatus\treserved\tcompleted\n/m)
    expect(stdout).toMatch(/^1\t.*\tDuplicateSeen\t/m)
    expect(json(await run([...asked, '--json']))).toMatchObject({
      from: { state: 'held', revision: 0 },
      to: { state: 'held', revision: 2 },
      fields: [
        { field: 'status', before: 'reserved', after: 'completed' },
        { field: 'last_seen_at_ms', before: 1767225600000 },
        { field: 'outcome', before: null, after: { outcome_kind: 'charged' } },
        { field: 'duplicate_count', before: 0, after: 1 }
      ],
      events: [{ type: 'DuplicateSeen' }, { type: 'Completed' }]
    })
  })
  it('shows values in snake_case, but for what is the caller’s', async () => {
    const { run } = commandLine()
    await run(reserve('order-1', 'c-1'))
    const claim = claimed('order-1', 'c-1')
    await run(['recovery-point', ...claim, '--name=charged', '--data={"chargeId":1}'])
    await run(['complete', ...claim, '--outcome=done', '--details={"orderId":{"innerId":2}}'])
    const { stdout } = await run(['diff', ...keyed('order-1'), '--from-revision=0', '--to-revision=2'])
    expect(stdout).toMatch(/^outcome\t\t\{"outcome_kind":"done",.*"details":\{"orderId":\{"innerId":2\}\}\}$/m)
    expect(stdout).toMatch(/^recovery_points\t.*\{"name":"charged","data":\{"chargeId":1\}\}/m)
  })
  it('says that nothing differs, and refuses moments in the wrong order', async () => {
    const { run } = await told()
    const same = await run(['diff', ...keyed('order-1'), '--from=2026-01-01T00:00:00Z', '--to-revision=0'])
    expect(same.stdout).toMatch(/\nno field differs\n$/)
    const backwards = await run(['diff', ...keyed('order-1'), '--from-revision=2', '--to-revision=0'])
    expect(backwards.stderr).toContain('InvalidInput: --to is before --from')
    expect((await run(['diff', ...keyed('order-1'), '--to=now'])).stderr).toContain(
      'give either --from or --from-revision'
    )
  })
})

describe('explain', () => {
  it('says what would have been answered, and why', async () => {
    const { run } = await told()
    const flight = await run(explaining('--revision=1', at(29)))
    expect(flight.stdout).toMatch(
      /^duplicate: the same request holds the key without an outcome, and no lease of it is over: duplicate, in flight\n/
    )
    const taken = json(await run([...explaining('--revision=1', at(30)), '--json']))
    expect(taken).toMatchObject({
      row: 'lease_over',
      result: 'reserved',
      takeover: true,
      record: { epoch: 2, owner: 'web-2' },
      previous: { epoch: 1, owner: 'web-1' },
      events: [{ type: 'Expired' }, { type: 'Reserved' }]
    })
    expect(taken).not.toHaveProperty('claim')
    expect(json(await run([...explaining('--revision=2'), '--json']))).toMatchObject({
      row: 'replay',
      result: 'duplicate'
    })
  })
})

describe('what-if', () => {
  it('shows both answers of what would differ', async () => {
    const { run } = await told()
    const shorter = ['what-if', '--lease=5s']
    const { stdout, code } = await run(shorter)
    expect(code).toBe(0)
    expect(stdout).toBe(
      [
        '2 of 3 requests of 1 key would have been answered differently',
        'record id\trev\tat\tasked\tby\twas\twould be',
        `${id}\t1\t2026-01-01T00:00:10.000Z\treserve\tweb-1\tduplicate, in flight\treserved, taken over`,
        `${id}\t2\t2026-01-01T00:00:50.000Z\tcomplete\t\tcompleted\tclaim lost`,
        ''
      ].join('\n')
    )
    expect(json(await run([...shorter, '--json', ...keyed('order-1')]))).toMatchObject({
      keys: 1,
      requests: 3,
      differing: 2,
      differences: [{ asked: 'reserve', was: 'in_flight', would_be: 'taken_over' }, { was: 'completed' }]
    })
    expect((await run(['what-if'])).stdout).toBe('0 of 3 requests of 1 key would have been answered differently\n')
  })
  it('takes every part of a policy, and half a key is misuse', async () => {
    const { run } = await told()
    const all = ['--lease=none', '--retention=1d', '--takeover=refuse', '--reuse=reject', '--skew=1s']
    expect((await run(['what-if', ...all])).code).toBe(0)
    expect((await run(['what-if', '--takeover=maybe'])).code).toBe(2)
    expect((await run(['what-if', '--key=order-1'])).stderr).toContain('give --operation and --key with their tenant')
  })
})

describe('verify', () => {
  it('says that a sound store is sound', async () => {
    const { run } = await told()
    expect(await run(['verify'])).toEqual({
      code: 0,
      stdout: 'sound: 3 events, with the beginning of 1 key\n',
      stderr: ''
    })
    expect(json(await run(['verify', '--json', ...keyed('order-1')]))).toEqual({
      events: 3,
      keys: 1,
      findings: [],
      finding_count: 0,
      snapshots_not_judged: 0,
      foreign_events: 0,
      next: null
    })
  })
  it('names what is wrong, with an exit code of its own', async () => {
    const { run, store } = await told()
    const stream = `idempotency-${recordIdOf('order-2')}`
    const event = { id: crypto.randomUUID(), type: 'Reserved', data: '{}', metadata: '{}' }
    await store.append({ stream, expected: { _tag: 'NoStream' }, events: [event] })()
    const found = await run(['verify'])
    expect(found).toMatchObject({ code: 4, stderr: '' })
    expect(found.stdout).toMatch(/^1 finding: 4 events, with the beginning of 2 keys\nfinding\trecord id\t/)
    expect(json(await run(['verify', '--json']))).toMatchObject({
      finding_count: 1,
      findings: [{ kind: 'altered', record_id: recordIdOf('order-2'), stream, revision: 0, position: '4' }]
    })
    const unreadable = await run(['what-if'])
    expect(unreadable.code).toBe(3)
    expect(unreadable.stderr).toContain(`not read: ${recordIdOf('order-2')}`)
  })
  it('does not take a tenant for a part of the store that could be judged', async () => {
    const { run } = await told()
    for (const command of ['verify', 'what-if']) {
      expect(await run([command, '--org=acme', '--workspace=shop'])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('give --operation and --key with their tenant')
      })
    }
  })
  it('counts on a terminal while it runs, and shows a table', async () => {
    const { run } = await told()
    const { stdout, stderr } = await run(['verify'], { isTTY: true, columns: 100 })
    expect(stdout).toContain('sound: 3 events')
    expect(stderr).toContain('verifying | 3 events')
  })
  it('refuses options that make no sense by their names', async () => {
    const { run } = await told()
    expect((await run(['verify', '--parallel=0'])).stderr).toContain('--parallel must be a whole number from 1 to 64')
    expect((await run(['verify', '--after=nowhere'])).code).toBe(10)
    expect((await run(['verify', '--tolerance=long'])).code).toBe(2)
    expect((await run(['verify', ...keyed('order-1'), '--after=1'])).stderr).toContain('--after is a place in the log')
  })
})
