import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../../src/adapters/memory/event-store.ts'
import type { EventStore, LogPage } from '../../../../src/application/ports/event-store.ts'
import { failure } from '../../../../src/domain/failure.ts'
import { createLedger, type Finding, type VerifyOptions, type VerifyProgress } from '../../../../src/index.ts'
import { gate } from '../../../support/gate.ts'
import { asking, failureOf, idOf, keyOf, streamOf } from '../../../support/scripted-ledger.ts'
import { changed, endedAt, type Log, rehashed, soundLog, without } from '../../../support/tampered-log.ts'

const sound = await soundLog()

/** A store that shows a log in pages of so many events, as a store shows one that was tampered with. */
const showing = (log: Log, pageSize = 1000): EventStore => ({
  ...memoryStore(),
  readStream: (stream, direction, from, count) => async () => {
    const there = log.filter((event) => event.stream === stream)
    const within = there.filter(
      ({ revision }) => typeof from === 'string' || (direction === 'backwards' ? revision <= from : revision >= from)
    )
    return E.right((direction === 'backwards' ? within.toReversed() : within).slice(0, count))
  },
  readAll: (after) => async () => {
    const from = after === 'start' ? 0 : log.findIndex(({ position }) => position === after) + 1
    const events = log.slice(from, from + pageSize)
    const next = events.at(-1)?.position ?? (after === 'start' ? '0' : after)
    return E.right({ events, next, atEnd: from + pageSize >= log.length })
  }
})

const verifying = (store: EventStore, options?: VerifyOptions) =>
  createLedger({ store, clock: () => endedAt }).verify(options)

describe('a run of verify', () => {
  it('of an empty ledger finds nothing', async () => {
    expect(await verifying(memoryStore())).toMatchObject({ events: 0, keys: 0, findings: [], findingCount: 0 })
  })
  it.each([1, 2, 7, 64])('in pages of %i sees what one page shows', async (size) => {
    expect(await verifying(showing(sound, size))).toMatchObject({ events: sound.length, keys: 3, findingCount: 0 })
    const tampered = changed(sound, 'a', 40, () => ({ data: '{}' }))
    expect(await verifying(showing(tampered, size))).toMatchObject({
      findings: [{ kind: 'altered', recordId: idOf('a'), revision: 40n }],
      findingCount: 1
    })
  })
  it('can be gone on with from wherever it got to, and finds what is behind', async () => {
    const tampered = rehashed(sound, 'a', 68, () => ({ data: { atMs: 1, firstAtMs: 1, count: 1, owners: [] } }))
    const told: Array<VerifyProgress> = []
    await verifying(showing(tampered, 10), { onProgress: (progress) => told.push(progress) })
    expect(told.length).toBeGreaterThan(5)
    expect(told.map(({ next }) => next)).toEqual([...told.map((_, n) => String(Math.min((n + 1) * 10, sound.length)))])
    for (const { next, findingCount } of told) {
      const rest = await verifying(showing(tampered, 10), { after: String(next) })
      expect({ next, found: findingCount + rest.findingCount }).toEqual({ next, found: 1 })
      for (const finding of rest.findings) expect(finding).toMatchObject({ kind: 'count', revision: 68n })
    }
  })
  it('tells of each finding as it is made', async () => {
    const told: Array<Finding> = []
    const tampered = changed(without(sound, 'k', 2), 't', 1, () => ({ metadata: '{}' }))
    const { findings } = await verifying(showing(tampered, 5), { onFinding: (finding) => told.push(finding) })
    expect(told).toEqual(findings)
    expect(told.map(({ kind }) => kind).sort()).toEqual(['altered', 'missing'])
  })
  it('holds a thousand findings, and counts all', async () => {
    const { stream, ...event } = sound[0] as Log[number]
    const bad = Array.from({ length: 1200 }, (_, n) => ({
      ...event,
      stream: stream.replace(/.{8}$/, n.toString(16).padStart(8, '0')),
      position: String(n + 1),
      metadata: '{}'
    }))
    const verified = await verifying(showing(bad))
    expect(verified.findings).toHaveLength(1000)
    expect(verified.findingCount).toBe(1200)
  })
  it('names what the store cannot read, and judges what is before it', async () => {
    const log = without(sound, 'k', 3)
    const error = failure('CorruptStream', 'its bytes are no event')
    const unreadable = [
      { position: '44', stream: streamOf(), revision: 3n, error },
      { position: '45', error },
      { position: '46', stream: 'idempotency-idem_foreign', revision: 0n, error }
    ]
    const page: LogPage = { events: log, unreadable, next: '99', atEnd: true }
    const verified = await verifying({ ...showing(log), readAll: () => async () => E.right(page) })
    expect(verified.findings).toEqual([
      {
        kind: 'unreadable',
        recordId: idOf(),
        stream: streamOf(),
        revision: 3n,
        position: '44',
        message: 'CorruptStream: its bytes are no event'
      },
      { kind: 'unreadable', position: '45', message: 'CorruptStream: its bytes are no event' }
    ])
    const tampered = changed(log, 'k', 1, () => ({ data: '{}' }))
    const both = await verifying({
      ...showing(tampered),
      readAll: () => async () => E.right({ ...page, events: tampered })
    })
    expect(both.findings.map(({ kind, revision }) => [kind, revision])).toContainEqual(['altered', 1n])
  })
  it('names a stream whose past it cannot read back, and goes on', async () => {
    const store = showing(sound, 10)
    const readStream: EventStore['readStream'] = (stream, ...rest) =>
      stream === streamOf()
        ? async () => E.left(failure('StoreTimeout', 'too slow'))
        : store.readStream(stream, ...rest)
    const verified = await verifying({ ...store, readStream }, { after: '10' })
    expect(verified.findings).toMatchObject([{ kind: 'unreadable', recordId: idOf(), revision: 2n }])
    expect(verified.findings[0]?.message).toContain('StoreTimeout: too slow')
    expect(verified.events).toBe(sound.length - 10)
  })
  it('tells of no finding once it is over, whatever is being read back still', async () => {
    const store = showing(sound)
    const door = gate()
    const readStream: EventStore['readStream'] = (stream) => async () => {
      if (stream !== streamOf()) await door.pass()
      return E.left(failure('StoreTimeout', 'too slow'))
    }
    const told: Array<unknown> = []
    const onFinding = ({ recordId }: Finding) => {
      told.push(recordId)
      throw new Error('enough')
    }
    const run = verifying({ ...store, readStream }, { after: '10', onFinding })
    expect(await failureOf(run)).toMatchObject({ _tag: 'Aborted' })
    door.open()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(told).toEqual([idOf()])
  })
  it('does not judge snapshots of another fold, and counts them', async () => {
    const other = rehashed(sound, 'a', 63, ({ metadata }) => ({
      metadata: { ...metadata, snapshot: { foldVersion: 99, state: 'unknown' } }
    }))
    expect(await verifying(showing(other))).toMatchObject({ findingCount: 0, snapshotsNotJudged: 1 })
    expect(await verifying(showing(other), { of: keyOf('a') })).toMatchObject({
      findingCount: 0,
      snapshotsNotJudged: 1
    })
  })
  it('passes over streams that only begin like a key’s, and counts their events', async () => {
    const store = memoryStore()
    await createLedger({ store }).reserve(asking())
    await store.append({
      stream: 'idempotency-idem_mine',
      expected: { _tag: 'NoStream' },
      events: [1, 2].map(() => ({ id: crypto.randomUUID(), type: 'Mine', data: '{}', metadata: '{}' }))
    })()
    expect(await createLedger({ store }).verify()).toMatchObject({ keys: 1, findingCount: 0, foreignEvents: 2 })
  })
  it('tells a clock that was set back once, and takes one within the tolerance', async () => {
    const later = changed(sound, 'k', 2, () => ({}))
    const setBack = later.map((event, index) => ({
      ...event,
      recordedAtMs: event.recordedAtMs - (index < 30 ? 0 : 200_000)
    }))
    expect((await verifying(showing(setBack))).findings.map(({ kind }) => kind)).toEqual(['restamped'])
    expect(await verifying(showing(setBack), { toleranceMs: 200_000 })).toMatchObject({ findingCount: 0 })
  })
})

describe('a run that cannot go on', () => {
  it('is Aborted by its signal, at once or amid the log', async () => {
    expect(await failureOf(verifying(showing(sound), { signal: AbortSignal.abort() }))).toMatchObject({
      _tag: 'Aborted'
    })
    const stop = new AbortController()
    const seen: Array<number> = []
    const onProgress = ({ events }: VerifyProgress): void => {
      seen.push(events)
      if (events >= 20) stop.abort()
    }
    const run = verifying(showing(sound, 10), { signal: stop.signal, onProgress })
    expect(await failureOf(run)).toMatchObject({ _tag: 'Aborted' })
    expect(seen).toEqual([10, 20])
    expect(await failureOf(verifying(showing(sound), { of: keyOf(), signal: stop.signal }))).toMatchObject({
      _tag: 'Aborted'
    })
  })
  it('is Aborted by a listener that throws', async () => {
    const stop = () => {
      throw new Error('enough')
    }
    const tampered = without(sound, 'k', 2)
    expect(await failureOf(verifying(showing(tampered), { onFinding: stop }))).toMatchObject({ _tag: 'Aborted' })
    expect(await failureOf(verifying(showing(sound), { onProgress: stop }))).toMatchObject({ _tag: 'Aborted' })
  })
  it('is the failure of a store that cannot be read on', async () => {
    const store = { ...showing(sound), readAll: () => async () => E.left(failure('StoreUnavailable', 'gone')) }
    expect(await failureOf(verifying(store))).toMatchObject({ _tag: 'StoreUnavailable' })
    const broken: EventStore = {
      ...showing(sound),
      readStream: () => async () => E.left(failure('StoreUnavailable', 'gone'))
    }
    expect(await failureOf(verifying(broken, { of: keyOf() }))).toMatchObject({ _tag: 'StoreUnavailable' })
  })
  it('is StoreUnavailable on a log that leads back to where it was', async () => {
    const store = showing(sound, 5)
    const readAll: EventStore['readAll'] = (after, ...rest) => store.readAll(Number(after) > 40 ? '5' : after, ...rest)
    expect(await failureOf(verifying({ ...store, readAll }))).toMatchObject({
      _tag: 'StoreUnavailable',
      message: 'the log of the store has no end'
    })
  })
  const bads: ReadonlyArray<readonly [unknown, string]> = [
    [null, '$'],
    [7, '$'],
    [{ of: 7 }, '$'],
    [{ of: { ...keyOf(), key: ' ' } }, '$.key'],
    [{ of: keyOf(), after: '1' }, '$.after'],
    [{ after: 1 }, '$.after'],
    [{ parallel: 0 }, '$.parallel'],
    [{ parallel: 65 }, '$.parallel'],
    [{ parallel: 1.5 }, '$.parallel'],
    [{ toleranceMs: -1 }, '$.toleranceMs'],
    [{ onFinding: 1 }, '$.onFinding'],
    [{ onProgress: {} }, '$.onProgress'],
    [{ signal: 1 }, '$.signal']
  ]
  it.each(bads)('refuses %o', async (options, path) => {
    expect(await failureOf(verifying(memoryStore(), options as VerifyOptions))).toMatchObject({
      _tag: 'InvalidInput',
      path
    })
  })
  it('refuses a place that is none of the store’s', async () => {
    expect(await failureOf(verifying(memoryStore(), { after: 'nowhere' }))).toMatchObject({ _tag: 'InvalidInput' })
  })
})
