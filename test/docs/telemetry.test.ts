import { SpanKind } from '@opentelemetry/api'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { instrumentedUseCases } from '../../src/adapters/opentelemetry/use-cases.ts'
import { keyIndex } from '../../src/application/projections/shipped/key-index.ts'
import { createLedger } from '../../src/composition/ledger.ts'
import { type Failure, failure } from '../../src/domain/failure.ts'
import { instrumentLedger, instrumentStore, observeProjections } from '../../src/opentelemetry.ts'
import { reserveKeys, world } from '../projections/set-up.ts'
import { read } from '../support/documents.ts'
import { asking, claimOf, done, failureOf, idOf, scriptedLedger } from '../support/scripted-ledger.ts'
import { lostAfter, lostBefore, notWritten } from '../support/scripted-store.ts'
import { type Seen, seenTelemetry } from '../support/telemetry.ts'

const page = read('docs/reference/telemetry.md')

/** The rows of the table that begins with this heading, cell by cell. */
const table = (heading: string): ReadonlyArray<ReadonlyArray<string>> => {
  const [, rows = ''] = page.split(new RegExp(`^\\| ${heading} \\|.*\n\\| ---.*\n`, 'm'))
  return rows
    .split('\n')
    .slice(
      0,
      rows.split('\n').findIndex((line) => !line.startsWith('|'))
    )
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim())
    )
}

const codes = (cell = ''): ReadonlyArray<string> =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code).toSorted()

const tenant = { orgId: 'secret-org', workspaceId: 'secret-workspace', deploymentId: 'secret-deployment' }
const secret = (over: Parameters<typeof asking>[0] = {}) =>
  asking({ tenant, key: 'secret-key', owner: 'secret-owner', requestFingerprint: 'secret-fingerprint', ...over })
const secretKey = { tenant, operation: 'op', key: 'secret-key' }

/** A view that is behind, and one that cannot be looked at. */
const observeViews = async ({ meterProvider }: Seen['providers']): Promise<void> => {
  const { projections, ledger } = await world()
  await reserveKeys(ledger, 'secret-key', 'secret-key-2')
  const runner = projections.run(keyIndex)
  await projections.waitUntil('key_index', 'end')
  await runner.stop()
  await reserveKeys(ledger, 'secret-key-3')
  observeProjections(projections, { names: ['key_index'], meterProvider })
  const lost = async () => E.left(failure('StoreUnavailable', 'it is away'))
  const taskEither = { ...projections.taskEither, health: () => lost }
  observeProjections({ ...projections, taskEither }, { names: ['lost'], meterProvider })
}

/** Everything that can be told, once at least. */
const everything = async (): Promise<Seen> => {
  const seen = seenTelemetry()
  const { store, clock, time } = scriptedLedger()
  const view = instrumentStore(store, { kind: 'memory', ...seen.providers })
  const made = { clock: () => clock.now, timer: time, deadlineMs: 100 }
  const ledger = instrumentLedger(createLedger({ store: view, ...made }), seen.providers)
  const rival = createLedger({ store: store.real, clock: made.clock })
  const lost = claimOf(await ledger.reserve(secret({ claimId: 'secret-claim' })))
  clock.now += 5000
  store.onAppend(lostAfter)
  const claim = claimOf(await ledger.reserve(secret({ claimId: 'secret-claim-2' })))
  await ledger.renew({ claim, leaseMs: 2000 })
  await ledger.complete({ claim, outcome: { outcomeKind: 'secret-outcome' } })
  await ledger.complete({ claim: lost, outcome: { ...done, details: 'secret-outcome' } })
  await ledger.reserve(secret())
  await ledger.get(secretKey)
  await ledger.get({ ...secretKey, key: 'secret-key-2' })
  await rival.reserve(secret({ key: 'secret-key-3' }))
  await ledger.reserve(secret({ key: 'secret-key-3', requestFingerprint: 'secret-fingerprint-2' }))
  await ledger.list()
  store.onAppend(notWritten(failure('StoreFull', 'no room')))
  await ledger.reserve(secret())
  store.onEveryAppend(lostBefore)
  await failureOf(ledger.reserve(secret({ key: 'secret-key-4' })))
  await failureOf(ledger.reserve(secret({ key: '' })))
  for await (const message of view.subscribe({ after: 'start', streamPrefix: '' })) {
    if (message._tag === 'Right' && message.right._tag === 'CaughtUp') break
  }
  const record = { operation: 'op', recordId: idOf() }
  const waits = [E.right({ _tag: 'Settled', record }), E.left<Failure>(failure('Aborted', 'given up'))]
  const { awaitOutcome } = instrumentedUseCases(
    { awaitOutcome: (_: object) => async () => waits.shift() ?? expect.unreachable('two waits') },
    seen.providers
  )
  await awaitOutcome(secretKey)()
  await awaitOutcome(secretKey)()
  await observeViews(seen.providers)
  return seen
}

const attributesOf = (all: Iterable<{ readonly attributes: object }>): ReadonlyArray<string> =>
  [...new Set([...all].flatMap(({ attributes }) => Object.keys(attributes)))].toSorted()

const rowOf = (key: string, rest: object) => [key, rest] as const

describe('the page of telemetry', () => {
  it('names every metric with its instrument, unit, buckets and attributes, and no other', async () => {
    const metrics = await (await everything()).metrics()
    const buckets = new Map(table('buckets').map(([name = '', ends = '']) => [name, ends]))
    const written = table('metric').map(([name, instrument = '', unit, attributes]) => {
      const [kind, which = ''] = instrument.split(', ')
      return rowOf(codes(name).join(), {
        kind,
        ends: buckets.get(which) ?? '',
        unit: codes(unit).join(),
        attributes: codes(attributes)
      })
    })
    const told = [...metrics].map(([name, { kind, unit, points }]) =>
      rowOf(name, { kind, ends: points[0]?.boundaries?.join(', ') ?? '', unit, attributes: attributesOf(points) })
    )
    expect(told.length).toBeGreaterThan(10)
    expect(new Map(told)).toEqual(new Map(written))
  })

  it('says of every metric in words what it is', async () => {
    const metrics = await (await everything()).metrics()
    expect([...metrics.values()].filter(({ description }) => !/^[A-Z].+\.$/.test(description))).toEqual([])
  })

  it('names every span with its kind and attributes, and no other', async () => {
    const spans = (await everything()).spans()
    const written = table('span').map(([name = '', kind = '', attributes]) =>
      rowOf(name.includes('store') ? 'store' : 'ledger', { kind: kind.toUpperCase(), attributes: codes(attributes) })
    )
    const ofStore = (name: string): boolean => name.startsWith('keyfold store ')
    const told = ['store', 'ledger'].map((group) => {
      const some = spans.filter(({ name }) => ofStore(name) === (group === 'store'))
      return rowOf(group, {
        kind: [...new Set(some.map(({ kind }) => SpanKind[kind]))].join(),
        attributes: attributesOf(some)
      })
    })
    expect(new Map(told)).toEqual(new Map(written))
    expect(spans.filter(({ name }) => !/^keyfold (store )?[a-zA-Z]+$/.test(name))).toEqual([])
    expect(new Set(spans.map(({ instrumentationScope }) => instrumentationScope.name))).toEqual(new Set(['keyfold']))
    const events = spans.flatMap((span) => span.events)
    expect(new Set(events.map(({ name }) => name))).toEqual(new Set(['exception']))
    expect(attributesOf(events.map(({ attributes = {} }) => ({ attributes })))).toEqual([
      'exception.message',
      'exception.type'
    ])
  })

  it('names every attribute that there is, and no other', async () => {
    const seen = await everything()
    const points = [...(await seen.metrics()).values()].flatMap((metric) => metric.points)
    expect(
      table('attribute')
        .map(([name]) => codes(name).join())
        .toSorted()
    ).toEqual(attributesOf([...points, ...seen.spans()]))
  })

  it('is right that no key, tenant, owner, fingerprint, claim or outcome is told', async () => {
    const seen = await everything()
    const told = seen
      .spans()
      .map(({ name, attributes, events, status, links }) => [name, attributes, events, status, links])
    const text = JSON.stringify([told, [...(await seen.metrics())]])
    expect(text).toContain('idem_')
    expect(text).not.toContain('secret')
    // on spans a key has its record id, in metrics not even that
    expect(JSON.stringify([...(await seen.metrics())])).not.toContain('idem_')
  })
})
