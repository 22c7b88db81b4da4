import { describe, expect, it } from 'vitest'
import type { TaskLedger } from '../../../src/application/ledger.ts'
import { asking, claimOf, done, failureOf, idOf, keyOf, scriptedLedger, stored } from '../../support/scripted-ledger.ts'

type Scan = 'sweep' | 'events' | 'conflicts' | 'stats'
type Audit = 'asOf' | 'explain' | 'diff' | 'whatIf' | 'verify'
type UseCase = Exclude<
  keyof TaskLedger,
  Audit | 'dispose' | 'checkOutcome' | 'reserveAll' | 'importRecords' | 'list' | 'stuck' | 'subscribe' | Scan
>
type Fields = { readonly [name: string]: unknown }

const secret = 'raw-key-4711'
const claim = { recordId: idOf(secret), epoch: 1, claimId: 'claim' }
const key = keyOf(secret)
const operator = { ...key, actor: 'op', note: 'why' }

/** A request of each use case that is good but for nobody holding the claim. */
const good: { readonly [name in UseCase]: Fields } = {
  reserve: { ...asking({ key: secret }) },
  complete: { claim, outcome: done },
  completeByKey: { ...key, outcome: done },
  release: { claim },
  renew: { claim, leaseMs: 1000 },
  reachRecoveryPoint: { claim, name: 'charged', data: { id: 7 } },
  markInDoubt: { claim },
  expire: { recordId: idOf(secret) },
  expireByOperator: operator,
  completeByOperator: { ...operator, outcome: done },
  completeAll: { claims: [claim], outcome: done },
  releaseAll: { claims: [claim] },
  get: key,
  awaitOutcome: key,
  history: key
}
const useCases = Object.keys(good) as ReadonlyArray<UseCase>
const keyed: ReadonlyArray<UseCase> = [
  'reserve',
  'completeByKey',
  'expireByOperator',
  'completeByOperator',
  'get',
  'awaitOutcome',
  'history'
]
const readers: ReadonlyArray<UseCase> = ['get', 'awaitOutcome', 'history']
const commands = useCases.filter((name) => !readers.includes(name))
const claiming: ReadonlyArray<UseCase> = ['complete', 'release', 'renew', 'reachRecoveryPoint', 'markInDoubt']
const completing: ReadonlyArray<UseCase> = ['complete', 'completeByKey', 'completeByOperator', 'completeAll']

/** The failure of a request, and that nothing was asked of the store for it. */
const refused = async (name: UseCase, request: unknown) => {
  const { ledger, store } = scriptedLedger()
  const failed = await failureOf(ledger[name](request as never))
  expect([...store.appends, ...store.reads]).toEqual([])
  expect(failed.message).not.toContain(secret)
  return failed
}

const cyclic: { self?: unknown } = {}
cyclic.self = cyclic
const nested = (depth: number): unknown => Array.from({ length: depth }).reduce<unknown>((inner) => [inner], 0)

const badTimes = [-1, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, '1000', 1n, null, new Date(0)]

const each = (
  names: ReadonlyArray<UseCase>,
  bads: ReadonlyArray<readonly [Fields, string, string?]>
): ReadonlyArray<readonly [UseCase, string, Fields, string]> =>
  names.flatMap((name) => bads.map(([bad, path, tag = 'InvalidInput']) => [name, path, bad, tag] as const))

describe('what is no request at all', () => {
  it.each(useCases.flatMap((name) => [undefined, null, 7, secret, true, () => 1].map((bad) => [name, bad] as const)))(
    'is InvalidInput, and never a throw: %s(%s)',
    async (name, bad) => {
      expect(await refused(name, bad)).toMatchObject({ _tag: 'InvalidInput', path: '$' })
    }
  )
  it.each(useCases)('is told too where it throws when it is read: %s', async (name) => {
    const cause = new Error(secret)
    const throwing = new Proxy(good[name], {
      get: () => {
        throw cause
      },
      ownKeys: () => {
        throw cause
      }
    })
    expect(await refused(name, throwing)).toMatchObject({ _tag: 'InvalidInput', cause })
  })
  it.each(useCases)('is told in fp-ts style as a Left: %s', async (name) => {
    const { ledger } = scriptedLedger()
    expect(await ledger.taskEither[name](null as never)()).toMatchObject({ _tag: 'Left', left: { path: '$' } })
  })
})

describe('a field that is blank, over its limit, or no text', () => {
  const long = 'x'.repeat(4097)
  const wide = '鍵'.repeat(1366)
  it.each([
    ...each(
      keyed.filter((name) => name !== 'get'),
      [
        [{ key: '' }, '$.key'],
        [{ key: ' \t\u0085\u3000' }, '$.key'],
        [{ operation: ' ' }, '$.operation']
      ]
    ),
    ...each(keyed, [
      [{ key: 7 }, '$.key'],
      [{ key: undefined }, '$.key'],
      [{ key: null }, '$.key'],
      [{ operation: {} }, '$.operation'],
      [{ key: long }, '$.key', 'LimitExceeded'],
      [{ operation: wide }, '$.operation', 'LimitExceeded'],
      [{ key: 'a\ud800' }, '$.key'],
      [{ operation: '\udc00' }, '$.operation'],
      [{ tenant: undefined }, '$.tenant'],
      [{ tenant: 'org' }, '$.tenant'],
      [{ tenant: null }, '$.tenant'],
      [{ tenant: { orgId: '', workspaceId: 'w' } }, '$.tenant.orgId'],
      [{ tenant: { orgId: 'o', workspaceId: '' } }, '$.tenant.workspaceId'],
      [{ tenant: { orgId: 'o' } }, '$.tenant.workspaceId'],
      [{ tenant: { orgId: 7, workspaceId: 'w' } }, '$.tenant.orgId'],
      [{ tenant: { orgId: 'o', workspaceId: 'w', source: 'guess' } }, '$.tenant.source'],
      [{ tenant: { orgId: 'o', workspaceId: 'w', deploymentId: 7 } }, '$.tenant.deploymentId'],
      [{ tenant: { orgId: 'o', workspaceId: 'w', actorId: '\ud800' } }, '$.tenant.actorId'],
      [{ tenant: { orgId: long, workspaceId: 'w' } }, '$.tenant.orgId', 'LimitExceeded']
    ]),
    ...each(
      ['reserve'],
      [
        [{ owner: ' ' }, '$.owner'],
        [{ owner: 7 }, '$.owner'],
        [{ owner: long }, '$.owner', 'LimitExceeded'],
        [{ owner: '\ud800' }, '$.owner'],
        [{ requestFingerprint: '' }, '$.requestFingerprint'],
        [{ requestFingerprint: long }, '$.requestFingerprint', 'LimitExceeded'],
        [{ requestFingerprint: 'a\udfff' }, '$.requestFingerprint'],
        [{ claimId: '' }, '$.claimId'],
        [{ claimId: 7 }, '$.claimId'],
        [{ claimId: '\ud800' }, '$.claimId'],
        [{ claimId: long }, '$.claimId', 'LimitExceeded'],
        [{ firstSeenEventId: 7 }, '$.firstSeenEventId'],
        [{ firstSeenEventId: '\ud800' }, '$.firstSeenEventId']
      ]
    ),
    ...each(
      ['expireByOperator', 'completeByOperator'],
      [
        [{ actor: undefined }, '$.actor'],
        [{ actor: ' ' }, '$.actor'],
        [{ note: '' }, '$.note'],
        [{ note: '\u2003' }, '$.note'],
        [{ note: long }, '$.note', 'LimitExceeded']
      ]
    ),
    ...each(['release', 'releaseAll'], [[{ note: 7 }, '$.note']]),
    ...each(commands, [
      [{ actor: 7 }, '$.actor'],
      [{ actor: '\ud800' }, '$.actor'],
      [{ correlationId: long }, '$.correlationId', 'LimitExceeded'],
      [{ causationId: {} }, '$.causationId'],
      [{ signal: 'now' }, '$.signal']
    ])
  ])('%s: %s', async (name, path, bad, tag) => {
    const failed = await refused(name, { ...good[name], ...bad })
    expect(failed).toMatchObject({ _tag: tag, path })
    if (tag === 'LimitExceeded') expect(failed).toMatchObject({ limit: 4096, size: expect.any(Number) })
  })
})

describe('a time or a length that is none', () => {
  it.each([
    ...commands.flatMap((name) => badTimes.map((bad) => [name, '$.nowMs', { nowMs: bad }] as const)),
    ...badTimes.flatMap((bad) => [
      ['reserve', '$.lease', { lease: bad }] as const,
      ['reserve', '$.expiresAtMs', { expiresAtMs: bad }] as const,
      ['reserve', '$.retentionMs', { retentionMs: bad }] as const,
      ['complete', '$.expiresAtMs', { expiresAtMs: bad }] as const,
      ['completeAll', '$.retentionMs', { retentionMs: bad }] as const,
      ['renew', '$.leaseMs', { leaseMs: bad }] as const,
      ['complete', '$.outcome.completedAtMs', { outcome: { ...done, completedAtMs: bad } }] as const
    ]),
    ['reserve', '$.lease', { lease: undefined }] as const,
    ['reserve', '$.lease', { lease: 0 }] as const,
    ['reserve', '$.lease', { lease: 'never' }] as const,
    ['renew', '$.leaseMs', { leaseMs: 0 }] as const,
    ['renew', '$.leaseMs', { leaseMs: 'none' }] as const,
    ['reserve', '$.retentionMs', { expiresAtMs: 5, retentionMs: 5 }] as const,
    ['complete', '$.retentionMs', { expiresAtMs: 5, retentionMs: 5 }] as const
  ])('%s: %s %o', async (name, path, bad) => {
    expect(await refused(name, { ...good[name], ...bad })).toMatchObject({ _tag: 'InvalidInput', path })
  })
  it('is told where it lies beyond the safe integers only together with the time', async () => {
    const { ledger, store } = scriptedLedger()
    const last = Number.MAX_SAFE_INTEGER
    expect(await failureOf(ledger.reserve(asking({ lease: last })))).toMatchObject({ path: '$.lease' })
    const held = claimOf(await ledger.reserve(asking()))
    expect(await failureOf(ledger.renew({ claim: held, leaseMs: last }))).toMatchObject({ path: '$.leaseMs' })
    expect(await failureOf(ledger.complete({ claim: held, outcome: done, retentionMs: last }))).toMatchObject({
      _tag: 'InvalidInput',
      path: '$.retentionMs'
    })
    expect(await stored(store)).toHaveLength(1)
  })
})

describe('a claim that is none', () => {
  it.each([
    ...each(claiming, [
      [{ claim: undefined }, '$.claim'],
      [{ claim: 'claim' }, '$.claim'],
      [{ claim: null }, '$.claim'],
      [{ claim: { ...claim, recordId: secret } }, '$.claim.recordId'],
      [{ claim: { ...claim, recordId: `idem_${'A'.repeat(64)}` } }, '$.claim.recordId'],
      [{ claim: { ...claim, epoch: 0 } }, '$.claim.epoch'],
      [{ claim: { ...claim, epoch: 1.5 } }, '$.claim.epoch'],
      [{ claim: { ...claim, epoch: '1' } }, '$.claim.epoch'],
      [{ claim: { ...claim, claimId: '' } }, '$.claim.claimId'],
      [{ claim: { ...claim, claimId: 7 } }, '$.claim.claimId'],
      [{ claim: { ...claim, claimId: '\ud800' } }, '$.claim.claimId']
    ]),
    ...each(
      ['expire'],
      [
        [{ recordId: secret }, '$.recordId'],
        [{ recordId: undefined }, '$.recordId']
      ]
    )
  ])('%s: %s', async (name, path, bad) => {
    expect(await refused(name, { ...good[name], ...bad })).toMatchObject({ _tag: 'InvalidInput', path })
  })
  it.each([
    ['of a key that was never reserved', () => claim],
    ['of an epoch that is yet to come', (held: typeof claim) => ({ ...held, epoch: 2 })],
    ['with another claim id', (held: typeof claim) => ({ ...held, claimId: 'guessed' })]
  ])('%s is UnknownClaim, and nothing is written', async (_, forged) => {
    const { ledger, store } = scriptedLedger()
    const held = claimOf(await ledger.reserve(asking()))
    store.forget()
    const bad = forged(held)
    for (const run of [
      () => ledger.complete({ claim: bad, outcome: done }),
      () => ledger.release({ claim: bad }),
      () => ledger.renew({ claim: bad, leaseMs: 5 })
    ]) {
      expect(await failureOf(run())).toMatchObject({ _tag: 'UnknownClaim' })
    }
    expect(await stored(store)).toHaveLength(1)
  })
})

describe('an outcome that is none', () => {
  const of = (over: Fields): Fields => ({ outcome: { ...done, ...over } })
  it.each(
    each(completing, [
      [{ outcome: undefined }, '$.outcome'],
      [{ outcome: 'done' }, '$.outcome'],
      [{ outcome: null }, '$.outcome'],
      [{ outcome: {} }, '$.outcome.outcomeKind'],
      [of({ outcomeKind: 7 }), '$.outcome.outcomeKind'],
      [of({ outcomeKind: '\ud800' }), '$.outcome.outcomeKind'],
      [of({ primaryRefKind: 7 }), '$.outcome.primaryRefKind'],
      [of({ primaryRefId: null }), '$.outcome.primaryRefId'],
      [of({ secondaryRefKind: {} }), '$.outcome.secondaryRefKind'],
      [of({ secondaryRefId: '\udc00' }), '$.outcome.secondaryRefId'],
      [of({ details: cyclic }), '$.outcome.details.self'],
      [of({ details: { a: [1n] } }), '$.outcome.details.a[0]'],
      [of({ details: { a: Symbol('a') } }), '$.outcome.details.a'],
      [of({ details: () => 1 }), '$.outcome.details'],
      [of({ details: [Number.NaN] }), '$.outcome.details[0]'],
      [of({ details: { at: new Date(Number.NaN), set: new Set() } }), '$.outcome.details.set'],
      [of({ details: new (class Order {})() }), '$.outcome.details'],
      [of({ details: new Map() }), '$.outcome.details'],
      [of({ details: { '\ud800': 1 } }), '$.outcome.details["\\ud800"]'],
      [of({ details: ['\ud800'] }), '$.outcome.details[0]'],
      [of({ details: 'x'.repeat(512 * 1024) }), '$.outcome', 'LimitExceeded'],
      [of({ outcomeKind: 'x'.repeat(512 * 1024) }), '$.outcome', 'LimitExceeded'],
      [of({ details: nested(124) }), `$.outcome.details${'[0]'.repeat(123)}`, 'LimitExceeded'],
      [of({ details: nested(100_000) }), `$.outcome.details${'[0]'.repeat(123)}`, 'LimitExceeded']
    ])
  )('%s: %s', async (name, path, bad, tag) => {
    expect(await refused(name, { ...good[name], ...bad })).toMatchObject({ _tag: tag, path })
  })
  it('is a copy: what its caller changes afterwards changes nothing', async () => {
    const { ledger } = scriptedLedger()
    const held = claimOf(await ledger.reserve(asking()))
    const details = { list: [1] }
    const completing = ledger.complete({ claim: held, outcome: { ...done, details } })
    details.list.push(2)
    expect(await completing).toMatchObject({ record: { outcome: { details: { list: [1] } } } })
  })
})
