import * as TE from 'fp-ts/TaskEither'
import * as t from 'io-ts'
import { describe, expect, test } from 'tstyche'
import {
  type Ledger,
  type OnceAllOptions,
  type OnceAllTaskEitherOptions,
  type OnceAnswer,
  type OnceFailure,
  type OnceOptions,
  type OnceTaskEitherOptions,
  once,
  onceAll,
  onceAllTaskEither,
  onceTaskEither,
  type StandardSchema,
  type Task,
  type TaskContext
} from '../../src/index.ts'

declare const ledger: Ledger
declare const schema: StandardSchema<{ readonly id: string }>

const options = {
  tenant: { orgId: 'o', workspaceId: 'w' },
  operation: 'op',
  key: 'k',
  owner: 'me',
  requestFingerprint: 'fp',
  lease: 1000,
  onThrow: 'ambiguous' as const
}
const { onThrow: _, ...withoutPolicy } = options
const { lease: __, ...withoutLease } = options

describe('once', () => {
  test('has no default for what a throw means, nor for the lease', () => {
    expect(once).type.toBeCallableWith(ledger, options)
    expect(once).type.not.toBeCallableWith(ledger, withoutPolicy)
    expect(once).type.not.toBeCallableWith(ledger, { ...options, onThrow: undefined })
    expect(once).type.not.toBeCallableWith(ledger, { ...options, onThrow: 'sometimes' })
    expect(once).type.not.toBeCallableWith(ledger, withoutLease)
    expect(once).type.not.toBeCallableWith(ledger, { ...options, lease: 'none' })
  })
  test('gives what the task gives', () => {
    expect(once(ledger, options)(async () => 7)).type.toBe<Promise<OnceAnswer<number>>>()
    expect(once(ledger, options)(() => 'text')).type.toBe<Promise<OnceAnswer<string>>>()
  })
  test('gives what the codec reads, and lets a task give nothing else', () => {
    const pay = once(ledger, { ...options, result: t.type({ id: t.string }) })
    expect(pay(async () => ({ id: 'ch_1' }))).type.toBe<Promise<OnceAnswer<{ id: string }>>>()
    expect(pay).type.not.toBeCallableWith(async () => ({ id: 1 }))
    expect(once(ledger, { ...options, result: schema })(async () => ({ id: 'x' }))).type.toBe<
      Promise<OnceAnswer<{ readonly id: string }>>
    >()
  })
  test('gives what the task or recover gives, where there is no codec', () => {
    const found = once(ledger, { ...options, recover: async () => ({ outcome: 'found' }) })
    expect(found(async () => 7)).type.toBe<Promise<OnceAnswer<string | number>>>()
  })
  test('tells a value from an error by `threw`', () => {
    const answer = {} as OnceAnswer<number>
    if (answer._tag === 'ClaimLost' && !answer.threw) expect(answer.value).type.toBe<number>()
    if (answer._tag === 'Unrecorded' && answer.threw) expect(answer.error).type.toBe<unknown>()
    if (answer._tag === 'Unrecorded') expect(answer.retryComplete()).type.toBe<Promise<OnceAnswer<number>>>()
  })
  test('has a step give what it runs', () => {
    const context = {} as TaskContext
    expect(context.step('a', async () => 7)).type.toBe<Promise<number>>()
  })
  test('takes a wrapped ledger, and asks no more of it than it needs', () => {
    const { reserve, complete, release, renew, awaitOutcome, reachRecoveryPoint, markInDoubt, history } = ledger
    const few = { reserve, complete, release, renew, awaitOutcome, reachRecoveryPoint, markInDoubt, history }
    expect(once).type.toBeCallableWith(few, options)
    expect(onceAll).type.not.toBeCallableWith(few, { ...options, keys: [options] })
    expect(onceAll).type.toBeCallableWith(ledger, { ...options, keys: [options] })
  })
})

describe('the options that are exported', () => {
  type Charge = { readonly id: string }
  const pay = async (): Promise<Charge> => ({ id: 'ch_1' })
  const payTask = () => TE.right<RangeError, Charge>({ id: 'ch_1' })
  test('can be handed to what they are of', () => {
    const one = options as OnceOptions<Charge>
    const all = { ...options, keys: [options] } as OnceAllOptions<Charge>
    expect(once(ledger, one)(pay)).type.toBe<Promise<OnceAnswer<Charge>>>()
    expect(onceAll(ledger, all)(pay)).type.toBe<Promise<OnceAnswer<Charge>>>()
    const oneTask = {} as OnceTaskEitherOptions<RangeError, Charge>
    const allTask = {} as OnceAllTaskEitherOptions<RangeError, Charge>
    expect(onceTaskEither(ledger.taskEither, oneTask)(payTask)).type.toBe<
      TE.TaskEither<OnceFailure, OnceAnswer<Charge>>
    >()
    expect(onceAllTaskEither(ledger.taskEither, allTask)(payTask)).type.toBe<
      TE.TaskEither<OnceFailure, OnceAnswer<Charge>>
    >()
  })
  test('let a task give nothing else', () => {
    expect(once(ledger, options as OnceOptions<Charge>)).type.not.toBeCallableWith(async () => 7)
  })
  test('can be handed on, whatever the task gives', () => {
    const wrapped =
      <A>(given: OnceOptions<A>) =>
      (task: Task<A>) =>
        once(ledger, given)(task)
    expect(wrapped({} as OnceOptions<Charge>)(pay)).type.toBe<Promise<OnceAnswer<Charge>>>()
  })
})

describe('onceTaskEither', () => {
  test('gives the classifier the task’s own failures', () => {
    const { onThrow: _policy, ...rest } = options
    const run = onceTaskEither(ledger.taskEither, { ...rest, onLeft: (_error: RangeError) => 'transient' as const })
    const task = {} as () => TE.TaskEither<RangeError, number>
    expect(run(task)).type.toBe<TE.TaskEither<OnceFailure, OnceAnswer<number>>>()
    expect(run).type.not.toBeCallableWith({} as () => TE.TaskEither<string, number>)
    expect(onceTaskEither).type.not.toBeCallableWith(ledger.taskEither, rest)
  })
})
