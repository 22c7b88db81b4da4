import type { Either } from 'fp-ts/Either'
import { describe, expect, test } from 'tstyche'
import {
  type Claim,
  createLedger,
  type EventStore,
  type Failure,
  type IdempotencyRecord,
  type KeyfoldError,
  type Ledger,
  type ReserveAllRequest,
  type ReserveAnswer,
  type ReserveRequest
} from '../../src/index.ts'

declare const ledger: Ledger
declare const store: EventStore
declare const claim: Claim
declare const error: KeyfoldError

const key = { tenant: { orgId: 'o', workspaceId: 'w' }, operation: 'op', key: 'k' }
const request = { ...key, owner: 'me', requestFingerprint: 'fp' }
const outcome = { outcomeKind: 'done' }

type Tag<K extends keyof Ledger> = Ledger[K] extends (...args: never) => Promise<{ readonly _tag: infer T }> ? T : never

describe('createLedger', () => {
  test('needs a store, and nothing else', () => {
    expect(createLedger).type.toBeCallableWith({ store })
    expect(createLedger).type.not.toBeCallableWith({})
    expect(createLedger).type.not.toBeCallableWith()
    expect(createLedger({ store })).type.toBe<Ledger>()
  })
  test('knows its options by name and value', () => {
    expect(createLedger).type.toBeCallableWith({ store, policy: { takeover: 'refuse' }, recording: 'coalesce' })
    expect(createLedger).type.not.toBeCallableWith({ store, policy: { takeover: 'never' } })
    expect(createLedger).type.not.toBeCallableWith({ store, recording: 'sometimes' })
    expect(createLedger).type.not.toBeCallableWith({ store, retries: 3 })
  })
})

describe('reserve', () => {
  test('makes the lease mandatory: there is no hidden default', () => {
    expect(ledger.reserve).type.not.toBeCallableWith(request)
    expect(ledger.reserve).type.not.toBeCallableWith({ ...request, lease: undefined })
    expect(ledger.reserve).type.toBeCallableWith({ ...request, lease: 30_000 })
    expect(ledger.reserve).type.toBeCallableWith({ ...request, lease: 'none' as const })
    expect(ledger.reserve).type.not.toBeCallableWith({ ...request, lease: 'forever' })
  })
  test('names whose key it is, and the request', () => {
    expect<ReserveRequest>().type.not.toBeAssignableFrom<Omit<ReserveRequest, 'tenant'>>()
    expect<ReserveRequest>().type.not.toBeAssignableFrom<Omit<ReserveRequest, 'operation'>>()
    expect<ReserveRequest>().type.not.toBeAssignableFrom<Omit<ReserveRequest, 'key'>>()
    expect<ReserveRequest>().type.not.toBeAssignableFrom<Omit<ReserveRequest, 'owner'>>()
    expect<ReserveRequest>().type.not.toBeAssignableFrom<Omit<ReserveRequest, 'requestFingerprint'>>()
  })
  test('answers a promise of one of five', () => {
    expect(ledger.reserve({ ...request, lease: 'none' })).type.toBe<Promise<ReserveAnswer>>()
    expect<Tag<'reserve'>>().type.toBe<'Reserved' | 'Duplicate' | 'InDoubt' | 'Conflict' | 'Gone'>()
  })
  test('gives a claim to the holder alone', () => {
    expect<Extract<ReserveAnswer, { _tag: 'Reserved' }>['claim']>().type.toBe<Claim>()
    expect<Extract<ReserveAnswer, { _tag: 'Duplicate' }>>().type.not.toHaveProperty('claim')
    expect<Extract<ReserveAnswer, { _tag: 'Conflict' }>>().type.not.toHaveProperty('claim')
    expect<IdempotencyRecord>().type.not.toHaveProperty('claimId')
  })
  test('is exhausted by a switch over its tags', () => {
    const told = (answer: ReserveAnswer): string => {
      switch (answer._tag) {
        case 'Reserved':
          return answer.claim.claimId
        case 'Duplicate':
        case 'InDoubt':
        case 'Conflict':
          return answer.record.status
        case 'Gone':
          return answer.previous.status
        default:
          expect(answer).type.toBe<never>()
          return answer
      }
    }
    expect(told).type.toBeCallableWith({} as ReserveAnswer)
  })
})

describe('the other commands', () => {
  test('answer what SPEC section 5 says', () => {
    expect<Tag<'complete'>>().type.toBe<'Completed' | 'AlreadyCompleted' | 'ClaimLost'>()
    expect<Tag<'completeByKey'>>().type.toBe<'CompletedByKey'>()
    expect<Tag<'release'>>().type.toBe<'Released' | 'AlreadyCompleted' | 'ClaimLost'>()
    expect<Tag<'renew'>>().type.toBe<'Renewed' | 'AlreadyCompleted' | 'ClaimLost'>()
    expect<Tag<'reachRecoveryPoint'>>().type.toBe<'Reached' | 'AlreadyCompleted' | 'ClaimLost'>()
    expect<Tag<'markInDoubt'>>().type.toBe<'Marked' | 'AlreadyCompleted' | 'ClaimLost'>()
    expect<Tag<'expire'>>().type.toBe<'Expired' | 'NotDue'>()
    expect<Tag<'expireByOperator'>>().type.toBe<'Expired' | 'NotHeld'>()
    expect<Tag<'completeByOperator'>>().type.toBe<'Completed' | 'AlreadyCompleted' | 'NotHeld'>()
    expect<Tag<'reserveAll'>>().type.toBe<'AllReserved' | 'Blocked'>()
    expect(ledger.get(key)).type.toBe<Promise<IdempotencyRecord | undefined>>()
  })
  test('complete under a claim and with an outcome', () => {
    expect(ledger.complete).type.toBeCallableWith({ claim, outcome })
    expect(ledger.complete).type.not.toBeCallableWith({ outcome })
    expect(ledger.complete).type.not.toBeCallableWith({ claim })
    expect(ledger.complete).type.not.toBeCallableWith({ ...key, outcome })
    // an object of a class looks like an interface to the compiler: what is no JSON is refused when it is handed over
    expect(ledger.complete).type.toBeCallableWith({ claim, outcome: { outcomeKind: 'done', details: new Date() } })
    expect(ledger.complete).type.not.toBeCallableWith({ claim, outcome: { outcomeKind: 'done', details: 1n } })
  })
  test('complete by key without one', () => {
    expect(ledger.completeByKey).type.toBeCallableWith({ ...key, outcome })
    expect(ledger.completeByKey).type.not.toBeCallableWith({ claim, outcome })
  })
  test('renew for a length', () => {
    expect(ledger.renew).type.toBeCallableWith({ claim, leaseMs: 1 })
    expect(ledger.renew).type.not.toBeCallableWith({ claim })
    expect(ledger.renew).type.not.toBeCallableWith({ claim, leaseMs: 'none' })
  })
  test('make operators say who and why', () => {
    expect(ledger.expireByOperator).type.toBeCallableWith({ ...key, actor: 'me', note: 'stuck' })
    expect(ledger.expireByOperator).type.not.toBeCallableWith({ ...key, note: 'stuck' })
    expect(ledger.expireByOperator).type.not.toBeCallableWith({ ...key, actor: 'me' })
    expect(ledger.completeByOperator).type.not.toBeCallableWith({ ...key, outcome, actor: 'me' })
  })
  test('make a lease of time mandatory where several keys are reserved', () => {
    expect<ReserveAllRequest['lease']>().type.toBe<number>()
    expect(ledger.reserveAll).type.toBeCallableWith([{ ...request, lease: 30_000 }])
    expect(ledger.reserveAll).type.not.toBeCallableWith([{ ...request, lease: 'none' as const }])
    expect(ledger.reserveAll).type.not.toBeCallableWith([request])
  })
})

describe('a failure', () => {
  test('tells by its tag what it alone tells', () => {
    expect<Extract<Failure, { _tag: 'AppendUnknown' }>>().type.toHaveProperty('claim')
    expect<Extract<Failure, { _tag: 'LimitExceeded' }>>().type.toHaveProperty('size')
    expect<Extract<Failure, { _tag: 'StoreBusy' }>>().type.not.toHaveProperty('claim')
    expect<Extract<Failure, { _tag: 'AppendUnknown' }>>().type.not.toHaveProperty('limit')
    expect<Failure>().type.not.toHaveProperty('claim')
    expect<Failure>().type.toHaveProperty('path')
  })
})

describe('the two faces', () => {
  test('are the same use cases', () => {
    expect<Exclude<keyof Ledger, 'taskEither' | typeof Symbol.asyncDispose>>().type.toBe<keyof Ledger['taskEither']>()
    expect(ledger.taskEither.reserve({ ...request, lease: 'none' })()).type.toBe<
      Promise<Either<Failure, ReserveAnswer>>
    >()
  })
  test('throw one error, by its tag', () => {
    expect(error.tag).type.toBe<Failure['_tag']>()
    expect(error).type.toBeAssignableTo<Error>()
    expect(error.claim).type.toBe<Claim | undefined>()
    expect<Extract<KeyfoldError, { tag: 'AppendUnknown' }>['failure']>().type.toBe<
      Extract<Failure, { _tag: 'AppendUnknown' }>
    >()
    expect<Extract<KeyfoldError, { tag: 'StoreFull' }>['claim']>().type.toBe<undefined>()
    expect<Failure['_tag']>().type.toBe<
      | 'InvalidInput'
      | 'LimitExceeded'
      | 'Overloaded'
      | 'UnknownClaim'
      | 'Contended'
      | 'AppendUnknown'
      | 'StoreBusy'
      | 'StoreFull'
      | 'StoreReadOnly'
      | 'StoreUnavailable'
      | 'StoreTimeout'
      | 'AccessDenied'
      | 'NotAStore'
      | 'UnsupportedVersion'
      | 'CorruptStream'
      | 'ImportRefused'
      | 'Aborted'
    >()
  })
})
