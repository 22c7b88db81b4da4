import { describe, expect, test } from 'tstyche'
import {
  apply,
  type Command,
  decide,
  decider,
  type EventOfType,
  type EventType,
  type ExpectedRevision,
  evolve,
  exactly,
  fold,
  type IdentifiedEvent,
  initialState,
  type LedgerEvent,
  noStream,
  type ReserveAnswer,
  type State
} from '../../src/index.ts'
import { given } from '../../src/testing/given-when-then.ts'
import * as ex from '../arbitraries/examples.ts'

declare const reserve: Extract<Command, { _tag: 'Reserve' }>
declare const event: IdentifiedEvent
declare const events: ReadonlyArray<IdentifiedEvent>

describe('the decider', () => {
  test('answers each command with its own answers', () => {
    const decision = decide(reserve, initialState)
    expect(decision._tag).type.toBe<'Decided' | 'Refused' | 'NeedsPast'>()
    expect<Extract<typeof decision, { _tag: 'Decided' }>['answer']>().type.toBe<ReserveAnswer>()
    expect<Extract<typeof decision, { _tag: 'Decided' }>['events']>().type.toBe<ReadonlyArray<LedgerEvent>>()
  })
  test('folds identified events to a state', () => {
    expect(evolve(initialState, event)).type.toBe<State>()
    expect(fold(events)).type.toBe<State>()
    expect(fold).type.not.toBeCallableWith([{ type: 'Expired', data: { atMs: 1, epoch: 1, reason: 'lease' }, id: 'a' }])
    expect(fold).type.not.toBeCallableWith(events as ReadonlyArray<LedgerEvent>)
  })
  test('has ten events, in a closed union', () => {
    expect<EventType>().type.toBe<
      | 'Reserved'
      | 'DuplicateSeen'
      | 'ConflictRecorded'
      | 'Completed'
      | 'Expired'
      | 'LeaseRenewed'
      | 'RecoveryPointReached'
      | 'MarkedInDoubt'
      | 'CompletionRejected'
      | 'Imported'
    >()
    expect<EventOfType<'Expired'>['data']['reason']>().type.toBe<'retention' | 'lease' | 'released' | 'operator'>()
  })
  test('takes plain commands, and says what they lack', () => {
    expect(decide).type.toBeCallableWith(ex.reserve(), initialState)
    expect(decider.decide).type.toBeCallableWith(ex.importing(), initialState)
    expect(decide).type.not.toBeCallableWith({ _tag: 'CompleteByKey', outcome: ex.outcome() }, initialState)
    expect(decide).type.not.toBeCallableWith({ ...ex.renew(), lease: '500' }, initialState)
    expect(decider).type.toBe<{
      readonly decide: typeof decide
      readonly evolve: typeof evolve
      readonly initialState: State
    }>()
  })
  test('folds what was decided, before it has an id and after', () => {
    expect(evolve).type.toBeCallableWith(initialState, {} as LedgerEvent)
    expect(apply).type.toBeCallableWith(initialState, {} as LedgerEvent)
    expect(apply).type.toBeCallableWith(initialState, event)
  })
  test('takes no plain number for a time', () => {
    expect<Extract<Command, { _tag: 'Reserve' }>['atMs']>().type.not.toBeAssignableFrom<number>()
    expect<Extract<Command, { _tag: 'Reserve' }>['atMs']>().type.toBeAssignableTo<number>()
  })
})

describe('expected revisions', () => {
  test('are none, or exactly one: nothing weaker exists', () => {
    expect<ExpectedRevision['_tag']>().type.toBe<'NoStream' | 'Exactly'>()
    expect(noStream).type.toBe<ExpectedRevision>()
    expect(exactly).type.toBeCallableWith(0n)
    expect(exactly).type.not.toBeCallableWith(0)
  })
})

describe('given, when, then', () => {
  const then = given([ex.reserved()]).when(ex.complete())

  test('reads plain numbers, and knows the answers of its command', () => {
    expect(then.thenAnswer).type.toBeCallableWith({ _tag: 'ClaimLost' as const })
    expect(then.thenAnswer).type.not.toBeCallableWith({ _tag: 'Gone' as const, previous: ex.record() })
    expect(then.thenAnswer).type.not.toBeCallableWith({ _tag: 'Completed' as const })
  })
  test('takes no event that there is not', () => {
    expect(given).type.toBeCallableWith([ex.expired('released')])
    expect(given).type.not.toBeCallableWith([{ type: 'Forgotten', data: { atMs: 1 } }])
    expect(then.thenEvents).type.not.toBeCallableWith([
      { type: 'Expired', data: { atMs: 1, epoch: 1, reason: 'bored' } }
    ])
    expect(then.thenRefused).type.toBeCallableWith('UnknownClaim')
    expect(then.thenRefused).type.not.toBeCallableWith('Teapot')
  })
})
