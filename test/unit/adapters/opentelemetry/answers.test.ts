import { SpanStatusCode } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { failure } from '../../../../src/domain/failure.ts'
import { instrumentLedger } from '../../../../src/opentelemetry.ts'
import { asking, claimOf, done, failureOf, idOf, keyOf, scriptedLedger } from '../../../support/scripted-ledger.ts'
import { lostBefore, notWritten } from '../../../support/scripted-store.ts'
import { type Seen, seenTelemetry } from '../../../support/telemetry.ts'

const instrumented = (options: Parameters<typeof scriptedLedger>[0] = {}) => {
  const seen = seenTelemetry()
  const world = scriptedLedger(options)
  return { ...world, seen, ledger: instrumentLedger(world.ledger, seen.providers) }
}

/** Points of a metric as `use case, answer or error, operation: value`. */
const counted = async (seen: Seen, name: string): Promise<ReadonlyArray<string>> =>
  (await seen.pointsOf(name)).map(({ attributes, value }) => {
    const { 'keyfold.use_case': useCase, 'keyfold.operation': operation = '-' } = attributes
    const what = attributes['error.type'] ?? attributes['keyfold.answer'] ?? '-'
    const replayed = attributes['keyfold.replayed'] === undefined ? '' : ` replayed=${attributes['keyfold.replayed']}`
    return `${useCase} ${what}${replayed} ${operation}: ${value}`
  })

describe('answers', () => {
  it('are counted by use case, answer and operation, and a duplicate by whether it was replayed', async () => {
    const { ledger, seen } = instrumented()
    const claim = claimOf(await ledger.reserve(asking()))
    await ledger.reserve(asking())
    await ledger.renew({ claim, leaseMs: 2000 })
    await ledger.complete({ claim, outcome: done })
    await ledger.taskEither.reserve(asking())()
    await ledger.taskEither.reserve(asking())()
    await ledger.reserve(asking({ requestFingerprint: 'other' }))
    await ledger.get(keyOf())
    await ledger.get(keyOf('nobody'))
    await ledger.history(keyOf())
    await ledger.list()
    const all = [
      'reserve Reserved op: 1',
      'reserve Duplicate replayed=false op: 1',
      'renew Renewed op: 1',
      'complete Completed op: 1',
      'reserve Duplicate replayed=true op: 2',
      'reserve Conflict op: 1',
      'get Done op: 1',
      'get None op: 1',
      'history Done op: 1',
      'list Done -: 1'
    ]
    expect(await counted(seen, 'keyfold.answers')).toEqual(all)
    expect(await counted(seen, 'keyfold.use_case.duration')).toEqual(all)
    expect(await counted(seen, 'keyfold.renewals')).toEqual(['renew - op: 1'])
    expect(await counted(seen, 'keyfold.failures')).toEqual([])
  })

  it('of several claims are counted each, and timed together', async () => {
    const { ledger, seen } = instrumented()
    const all = await ledger.reserveAll([
      { ...asking(), lease: 1000 },
      { ...asking({ key: 'l', operation: 'op2' }), lease: 1000 }
    ])
    const [first, second] = all._tag === 'AllReserved' ? all.reservations.map(({ claim }) => claim) : []
    if (first === undefined || second === undefined) return expect.unreachable('two were reserved')
    await ledger.release({ claim: second })
    await ledger.completeAll({ claims: [first, second], outcome: done })
    expect(await counted(seen, 'keyfold.answers')).toEqual([
      'reserveAll AllReserved -: 1',
      'release Released op2: 1',
      'completeAll Completed op: 1',
      'completeAll ClaimLost op: 1'
    ])
    expect((await counted(seen, 'keyfold.use_case.duration')).at(-1)).toBe('completeAll Mixed op: 1')
    expect(await counted(seen, 'keyfold.claims.lost')).toEqual(['completeAll - -: 1'])
  })

  it('tell of takeovers, of several keys too, and of the claims that are lost by them', async () => {
    const { ledger, rival, clock, seen } = instrumented()
    const lost = claimOf(await rival.reserve(asking()))
    await rival.reserve(asking({ key: 'l' }))
    clock.now = 5000
    await ledger.reserve(asking())
    await ledger.reserveAll([{ ...asking({ key: 'l' }), lease: 1000 }])
    await ledger.complete({ claim: lost, outcome: done })
    expect(await counted(seen, 'keyfold.takeovers')).toEqual(['reserve - op: 1', 'reserveAll - op: 1'])
    expect(await counted(seen, 'keyfold.claims.lost')).toEqual(['complete - op: 1'])
    const [span] = seen.spansOf('keyfold reserve')
    expect(span?.attributes).toMatchObject({ 'keyfold.takeover': true, 'keyfold.record_id': idOf() })
  })

  it('tell of sightings that were not recorded, by the reason, and of one that blocks several keys', async () => {
    const { ledger, rival, store, seen } = instrumented()
    await rival.reserve(asking())
    store.onEveryAppend(notWritten(failure('StoreFull', 'no room')))
    await ledger.reserve(asking())
    await ledger.reserveAll([{ ...asking({ requestFingerprint: 'other' }), lease: 1000 }])
    expect(await counted(seen, 'keyfold.sightings.unrecorded')).toEqual([
      'reserve StoreFull op: 1',
      'reserveAll StoreFull op: 1'
    ])
    const [blocked] = seen.spansOf('keyfold reserveAll')
    expect(blocked?.attributes).toMatchObject({ 'keyfold.answer': 'Blocked', 'keyfold.record_id': idOf() })
  })

  it('tell once how long a reservation took to complete, however often its completion is repeated', async () => {
    const { ledger, clock, seen } = instrumented()
    const claim = claimOf(await ledger.reserve(asking()))
    clock.now = 3500
    for (let n = 0; n < 3; n++) await ledger.complete({ claim, outcome: { outcomeKind: 'done' } })
    const [point, ...others] = await seen.pointsOf('keyfold.time_to_complete')
    expect(point).toMatchObject({ value: 1, sum: 2.5 })
    expect(others).toEqual([])
  })

  it('tell of what was, and not of what would be: an explained takeover is none', async () => {
    const { ledger, rival, seen } = instrumented()
    await rival.reserve(asking())
    const { answer } = await ledger.explain({ ...asking(), nowMs: 5000, at: { revision: 0n } })
    expect(answer).toMatchObject({ _tag: 'Reserved', takeover: true })
    expect(await counted(seen, 'keyfold.takeovers')).toEqual([])
    expect(await counted(seen, 'keyfold.answers')).toEqual(['explain Done op: 1'])
    const [span] = seen.spansOf('keyfold explain')
    expect(span?.attributes).not.toHaveProperty(['keyfold.takeover'])
  })

  it('tell how long it took where it was completed, and not wherever somebody waited for it', async () => {
    const { ledger, rival, clock, seen } = instrumented()
    const claim = claimOf(await rival.reserve(asking()))
    clock.now = 3500
    await rival.complete({ claim, outcome: { outcomeKind: 'done' } })
    expect(await ledger.awaitOutcome(keyOf())).toMatchObject({ _tag: 'Completed' })
    expect(await seen.pointsOf('keyfold.time_to_complete')).toEqual([])
    await ledger.complete({ claim, outcome: { outcomeKind: 'done' } })
    expect(await seen.pointsOf('keyfold.time_to_complete')).toMatchObject([{ value: 1, sum: 2.5 }])
  })

  it('tell nothing of a completion before its reservation: clocks disagree', async () => {
    const { ledger, seen } = instrumented()
    await ledger.complete({ claim: claimOf(await ledger.reserve(asking())), outcome: done })
    expect(await seen.pointsOf('keyfold.time_to_complete')).toEqual([])
  })
})

describe('failures', () => {
  it('are counted by tag and told on the span; answers never are', async () => {
    const { ledger, store, seen } = instrumented({ deadlineMs: 100 })
    await ledger.reserve(asking())
    await ledger.reserve(asking())
    store.onEveryAppend(lostBefore)
    const failed = await failureOf(ledger.reserve(asking({ key: 'l' })))
    expect(failed._tag).toBe('AppendUnknown')
    // whoever looks has the claim that may stand, through the wrapper too
    expect(failed).toHaveProperty('claim.recordId', idOf('l'))
    expect(await counted(seen, 'keyfold.failures')).toEqual(['reserve AppendUnknown op: 1'])
    const statuses = seen.spansOf('keyfold reserve').map(({ status }) => status.code)
    expect(statuses).toEqual([SpanStatusCode.UNSET, SpanStatusCode.UNSET, SpanStatusCode.ERROR])
    const span = seen.spansOf('keyfold reserve').at(-1)
    expect(span?.attributes).toEqual({
      'keyfold.use_case': 'reserve',
      'keyfold.operation': 'op',
      'keyfold.record_id': idOf('l'),
      'error.type': 'AppendUnknown'
    })
    expect(span?.events.map(({ name, attributes }) => [name, attributes])).toEqual([
      ['exception', { 'exception.type': 'AppendUnknown', 'exception.message': failed.message }]
    ])
  })

  it('by what a request says name only operations that are known already', async () => {
    const { ledger, seen } = instrumented()
    const refused = async (operation: string) => failureOf(ledger.reserve(asking({ operation, owner: ' ' })))
    await refused('forged')
    await ledger.reserve(asking())
    await refused('op')
    expect(await counted(seen, 'keyfold.failures')).toEqual([
      'reserve InvalidInput _OTHER: 1',
      'reserve InvalidInput op: 1'
    ])
  })

  it.each([undefined, null, 7, 'text', []])('by what is no request are those of the ledger: %s', async (request) => {
    const { ledger, rival } = instrumented()
    const ask = (of: typeof ledger) => Reflect.apply(of.reserve, of, [request])
    expect(await failureOf(ask(ledger))).toEqual(await failureOf(ask(rival)))
  })
})

describe('operations', () => {
  it('are told apart up to the bound', async () => {
    const { seen, rival } = instrumented()
    const ledger = instrumentLedger(rival, { ...seen.providers, maxOperations: 1 })
    for (const operation of ['op', 'op2', 'op3', 'op']) await ledger.reserve(asking({ operation }))
    expect(await counted(seen, 'keyfold.answers')).toEqual([
      'reserve Reserved op: 1',
      'reserve Reserved _OTHER: 2',
      'reserve Duplicate replayed=false op: 1'
    ])
  })
})
