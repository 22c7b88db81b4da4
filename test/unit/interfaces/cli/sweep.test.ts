import process from 'node:process'
import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'
import { describe, expect, it } from 'vitest'
import type { EventStore } from '../../../../src/application/ports/event-store.ts'
import type { SweepSummary } from '../../../../src/application/use-cases/sweep/sweep.ts'
import { createLedger } from '../../../../src/composition/ledger.ts'
import { createProjections } from '../../../../src/composition/projections.ts'
import { type Failure, failure } from '../../../../src/domain/failure.ts'
import type { CliDeps, OpenLedger } from '../../../../src/interfaces/cli/deps.ts'
import { begin, commandLine, sink } from '../../../support/cli.ts'
import { eventually } from '../../../support/eventually.ts'

const opened = (store: EventStore): OpenLedger => {
  const ledger = createLedger({ store, clock: () => begin + 10_000 })
  return { ledger: ledger.taskEither, dispose: () => ledger.dispose() }
}

const ledgerOn =
  (store: EventStore): CliDeps['openLedger'] =>
  () =>
    TE.right(opened(store))

const reserve = (key: string, ...more: ReadonlyArray<string>) => [
  'reserve',
  '--operation=op',
  '--owner=me',
  '--fingerprint=fp',
  '--lease=none',
  `--key=${key}`,
  ...more
]

/** One key that is due, one that will be, and one that never is. */
const filled = async () => {
  const world = commandLine()
  await world.run(reserve('due', `--expires-at=${begin}`, '--past'))
  await world.run(reserve('later', `--expires-at=${begin + 86_400_000}`))
  await world.run(reserve('never'))
  return world
}

describe('keyfold sweep', () => {
  it('expires what is due', async () => {
    const { run } = await filled()
    expect(await run(['sweep'])).toEqual({ code: 0, stdout: 'expired 1, of 3 events\n', stderr: '' })
    expect((await run(['list'])).stdout).not.toContain('\tdue\t')
    expect((await run(['sweep'])).stdout).toBe('expired 0, of 4 events\n')
  })
  it('names its options as they are written, and takes no interval without a length', async () => {
    const { run } = await filled()
    expect((await run(['sweep', '--batch=0'])).stderr).toContain('InvalidInput: --batch must be')
    expect(await run(['sweep', '--watch', '--every=0s'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Give a length of time above 0.')
    })
    expect((await run(['stats', '--every=0ms'])).stderr).toContain('InvalidInput: --every must be')
  })
  it('lists what is due in a dry run, and leaves it', async () => {
    const { run } = await filled()
    const { stdout } = await run(['sweep', '--dry-run'])
    expect(stdout).toMatch(
      /^1 due, nothing was written, of 3 events\nrecord id\t.*\nidem_\w+\tlocal\/default\top\tdue\t/
    )
    const json = JSON.parse((await run(['sweep', '--dry-run', '--json'])).stdout)
    expect(json).toMatchObject({ ended: 'done', due: 1, not_due: 0, failed: [], failed_count: 0 })
    expect(json.records).toMatchObject([{ key: 'due' }])
    expect((await run(['list'])).stdout).toContain('\tdue\t')
  })
  it('says so where it may have left some', async () => {
    const { run } = await filled()
    const now = `--now=${begin + 86_400_000}`
    expect((await run(['sweep', now, '--max-keys=1'])).stdout).toBe('expired 1, of 3 events; there may be more\n')
    expect(JSON.parse((await run(['sweep', now, '--json'])).stdout)).toMatchObject({ ended: 'done', expired: 1 })
  })
  it('names a key that cannot be read, with exit code 3', async () => {
    const { run, store } = await filled()
    const [event] = await run(['history', '--operation=op', '--key=due', '--json']).then(
      ({ stdout }) => JSON.parse(stdout).events
    )
    const garbage = { id: '00000000-0000-4000-8000-000000000001', type: 'Completed', data: '{}', metadata: '{}' }
    await store.append({ stream: event.stream, expected: { _tag: 'Exactly', revision: 0n }, events: [garbage] })()
    const { code, stdout, stderr } = await run(['sweep'])
    expect({ code, stdout }).toEqual({ code: 3, stdout: 'expired 0, of 4 events\n' })
    expect(stderr).toMatch(/^not swept: idem_\w+: CorruptStream: .*\n$/)
  })
  it('tells why a view could not be read to its end; what was expired by then stands', async () => {
    const world = commandLine()
    const ledger = createLedger({ store: world.store, clock: () => begin })
    const tenant = { orgId: 'local', workspaceId: 'default' }
    const asked = { tenant, operation: 'op', owner: 'me', requestFingerprint: 'fp', lease: 'none' } as const
    await Promise.all(
      Array.from({ length: 1001 }, (_, at) => ledger.reserve({ ...asked, key: `due ${at}`, expiresAtMs: begin }))
    )
    await world.run(['rebuild', 'due_keys'])
    let openings = 0
    const away = commandLine({
      openLedger: ledgerOn(world.store),
      openProjections: () => {
        openings++
        if (openings > 1) return TE.left(failure('StoreBusy', 'somebody has the views'))
        const projections = createProjections({ store: world.store, views: world.views, clock: () => begin })
        return TE.right({ projections: projections.taskEither, dispose: () => projections.dispose() })
      }
    })
    const { code, stdout, stderr } = await away.run(['sweep', '--pause=0ms'])
    expect({ code, stdout }).toEqual({ code: 15, stdout: '' })
    expect(stderr).toMatch(/^read from the view due_keys: up to date\nerror: StoreBusy: somebody has the views\n/)
    expect((await world.run(['sweep', '--scan'])).stdout).toMatch(/^expired 1, of \d+ events\n$/)
  })
  it('refuses bounds that make no sense', async () => {
    const { run } = await filled()
    expect(await run(['sweep', '--max-keys=0'])).toMatchObject({ code: 10, stdout: '' })
    expect(await run(['sweep', '--batch=1001'])).toMatchObject({ code: 10, stdout: '' })
    expect(await run(['sweep', '--every=soon'])).toMatchObject({ code: 2, stdout: '' })
  })
  it.each(['SIGINT', 'SIGTERM'] as const)('goes on with --watch until %s comes, one line a sweep', async (signal) => {
    const { run, store } = await filled()
    const shown = sink()
    const watching = commandLine({ stdout: shown.output, openLedger: ledgerOn(store) })
    const running = watching.run(['sweep', '--watch', '--every=1ms', '--json'])
    const lines = () => shown.text().trimEnd().split('\n')
    await eventually(() => expect(lines().length).toBeGreaterThan(2))
    process.emit(signal)
    const { code, stderr } = await running
    expect({ code, stderr }).toEqual({ code: signal === 'SIGINT' ? 130 : 143, stderr: '' })
    expect(
      lines()
        .map((line) => JSON.parse(line).expired)
        .slice(0, 3)
    ).toEqual([1, 0, 0])
    expect((await run(['list'])).stdout).not.toContain('\tdue\t')
  })
  it('goes on with --watch after failures that pass, and ends with one that does not', async () => {
    const answers: Array<E.Either<Failure, SweepSummary>> = [
      E.left(failure('StoreBusy', 'somebody has it')),
      E.right({ ended: 'done', events: 0, expired: 0, notDue: 0, failed: [], failedCount: 0 }),
      E.left(failure('NotAStore', 'no more'))
    ]
    const { ledger, dispose } = opened(commandLine().store)
    const sweep = () => async () => answers.shift() ?? expect.unreachable('it went on')
    const { run } = commandLine({ openLedger: () => TE.right({ ledger: { ...ledger, sweep }, dispose }) })
    const { code, stdout, stderr } = await run(['sweep', '--watch', '--every=1ms'])
    expect({ code, stdout }).toEqual({ code: 21, stdout: 'expired 0, of 0 events\n' })
    expect(stderr).toMatch(/^sweep failed: StoreBusy: somebody has it\nerror: NotAStore: no more\nwhat to do: /)
  })
})
