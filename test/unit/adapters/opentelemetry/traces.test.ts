import { SpanKind, trace } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base'
import { describe, expect, it } from 'vitest'
import type { Claim } from '../../../../src/domain/claim.ts'
import { createLedger } from '../../../../src/index.ts'
import { openMemoryStore } from '../../../../src/memory.ts'
import { instrumentLedger, instrumentStore, type LedgerTelemetryOptions } from '../../../../src/opentelemetry.ts'
import { asking, claimOf, done, idOf, keyOf } from '../../../support/scripted-ledger.ts'
import { type Seen, seenTelemetry } from '../../../support/telemetry.ts'

const instrumented = async (options: LedgerTelemetryOptions = {}) => {
  const seen = seenTelemetry()
  const store = instrumentStore(await openMemoryStore(), { kind: 'memory', ...seen.providers })
  return { seen, ledger: instrumentLedger(createLedger({ store }), { ...seen.providers, ...options }) }
}

/** Does something under a span of the caller's own; gives its ids. */
const under = <A>(seen: Seen, work: () => Promise<A>) =>
  seen.providers.tracerProvider.getTracer('app').startActiveSpan('a request', async (span) => {
    await work()
    span.end()
    return span.spanContext()
  })

const parentOf = (span: ReadableSpan | undefined): string | undefined => span?.parentSpanContext?.spanId

describe('where an event came from', () => {
  it('is the trace and the span that are active where its command is made', async () => {
    const { ledger, seen } = await instrumented()
    const { traceId, spanId } = await under(seen, async () => {
      await ledger.reserve(asking())
      await ledger.reserveAll([{ ...asking({ key: 'l' }), lease: 1000 }])
    })
    for (const key of ['k', 'l']) {
      expect(await ledger.history(keyOf(key))).toMatchObject([{ correlationId: traceId, causationId: spanId }])
    }
  })

  it('is for each run of a task where it is run', async () => {
    const { ledger, seen } = await instrumented()
    const task = ledger.taskEither.reserve(asking())
    const first = await under(seen, task)
    await task()
    const history = await ledger.history(keyOf())
    expect(history.map(({ correlationId }) => correlationId)).toEqual([first.traceId, undefined])
  })

  it('is stored with each of several claims, whose request is copied for each', async () => {
    const { ledger, seen } = await instrumented()
    const claim = claimOf(await ledger.reserve(asking()))
    const { traceId } = await under(seen, () => ledger.completeAll({ claims: [claim], outcome: done }))
    expect((await ledger.history(keyOf())).at(-1)).toMatchObject({ type: 'Completed', correlationId: traceId })
  })

  it('is stored by every command on a key', async () => {
    const { ledger, seen } = await instrumented()
    const noted = (key: string) => ({ ...keyOf(key), note: 'why', actor: 'admin' })
    const claimed = async (key: string) => claimOf(await ledger.reserve(asking({ key, expiresAtMs: 1 })))
    const commands: ReadonlyArray<readonly [string, (claim: Claim) => Promise<unknown>]> = [
      ['a', (claim) => ledger.reachRecoveryPoint({ claim, name: 'charged' })],
      ['b', (claim) => ledger.renew({ claim, leaseMs: 5000 })],
      ['c', (claim) => ledger.markInDoubt({ claim })],
      ['d', (claim) => ledger.release({ claim })],
      ['e', (claim) => ledger.releaseAll({ claims: [claim] })],
      ['f', (claim) => ledger.complete({ claim, outcome: done })],
      ['f', () => ledger.expire({ recordId: idOf('f') })],
      ['g', () => ledger.completeByKey({ ...keyOf('g'), outcome: done })],
      ['h', () => ledger.completeByOperator({ ...noted('h'), outcome: done })],
      ['i', () => ledger.expireByOperator(noted('i'))]
    ]
    const claims = new Map<string, Claim>()
    for (const key of new Set(commands.map(([key]) => key))) claims.set(key, await claimed(key))
    for (const [key, command] of commands) {
      const before = (await ledger.history(keyOf(key))).length
      const { traceId } = await under(seen, () => command(claims.get(key) ?? expect.unreachable()))
      const written = (await ledger.history(keyOf(key))).slice(before)
      expect(written.map(({ correlationId }) => correlationId)).toEqual([traceId])
    }
  })

  it('is not asked of what only reads, or sweeps: filters and options are what they are without a span', async () => {
    const { ledger, seen } = await instrumented()
    await ledger.complete({ claim: claimOf(await ledger.reserve(asking())), outcome: done })
    const { orgId } = keyOf().tenant
    const scans: ReadonlyArray<() => Promise<unknown>> = [
      () => ledger.list({ orgId }),
      () => ledger.stuck({ orgId }),
      () => ledger.conflicts({ orgId }),
      () => ledger.stats({ orgId }),
      () => ledger.events({ orgId, onEvents: () => true }),
      () => ledger.get(keyOf()),
      () => ledger.history(keyOf()),
      () => ledger.awaitOutcome({ ...keyOf(), waitMs: 0 }),
      () => ledger.asOf({ ...keyOf(), at: { revision: 0 } }),
      () => ledger.explain({ ...asking(), at: { revision: 0 } }),
      () => ledger.diff({ ...keyOf(), from: { revision: 0 }, to: { revision: 1 } }),
      () => ledger.verify({ of: keyOf() }),
      () => ledger.whatIf({ of: keyOf(), lease: 5 }),
      () => ledger.sweep({ dryRun: true })
    ]
    for (const scan of scans) {
      const apart = await scan()
      await under(seen, async () => expect(await scan()).toEqual(apart))
    }
  })

  it('is what the caller says, where it says anything', async () => {
    const { ledger, seen } = await instrumented()
    await under(seen, () => ledger.reserve(Object.freeze(asking({ correlationId: 'mine' }))))
    const [event] = await ledger.history(keyOf())
    expect([event?.correlationId, event?.causationId]).toEqual(['mine', undefined])
  })

  it.each<readonly [string, LedgerTelemetryOptions, boolean]>([
    ['there is no span', {}, false],
    ['it is not wanted', { correlate: false }, true]
  ])('is not told where %s', async (_, options, hasSpan) => {
    const { ledger, seen } = await instrumented(options)
    const reserve = () => ledger.reserve(asking())
    await (hasSpan ? under(seen, reserve) : reserve())
    const [event] = await ledger.history(keyOf())
    expect([event?.correlationId, event?.causationId]).toEqual([undefined, undefined])
  })
})

describe('spans', () => {
  it('of the store stand under that of the use case, and that under the caller’s', async () => {
    const { ledger, seen } = await instrumented()
    const { spanId } = await under(seen, () => ledger.reserve(asking()))
    const [ledgerSpan] = seen.spansOf('keyfold reserve')
    const [storeSpan] = seen.spansOf('keyfold store append')
    expect(parentOf(ledgerSpan)).toBe(spanId)
    expect(parentOf(storeSpan)).toBe(ledgerSpan?.spanContext().spanId)
    expect([ledgerSpan?.kind, storeSpan?.kind]).toEqual([SpanKind.INTERNAL, SpanKind.CLIENT])
  })

  it('of what comes after are the caller’s again', async () => {
    const { ledger, seen } = await instrumented()
    const active: Array<string | undefined> = []
    const { spanId } = await under(seen, async () => {
      await ledger.reserve(asking())
      active.push(trace.getActiveSpan()?.spanContext().spanId)
    })
    expect(active).toEqual([spanId])
  })

  it('of what the store is asked for others, later, do not pile up in a trace that is over: they are linked to it', async () => {
    const seen = seenTelemetry()
    const store = await openMemoryStore()
    const later: Array<() => Promise<unknown>> = []
    const view = instrumentStore(store, seen.providers)
    const run = instrumentLedger(createLedger({ store }), seen.providers)
    const { AsyncResource } = await import('node:async_hooks')
    // what a loop is that was begun by one command and goes on for the next
    const task = run.taskEither.list({
      onForeign: () => undefined,
      get seenFromMs() {
        later.push(AsyncResource.bind(() => view.readAll('start', '', 1)()))
        return undefined
      }
    })
    await task()
    await later[0]?.()
    const [ended] = seen.spansOf('keyfold list')
    const [span] = seen.spansOf('keyfold store readAll')
    expect(parentOf(span)).toBeUndefined()
    expect(span?.spanContext().traceId).not.toBe(ended?.spanContext().traceId)
    expect(span?.links.map(({ context }) => context.spanId)).toEqual([ended?.spanContext().spanId])
  })
})
