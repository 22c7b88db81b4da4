import * as E from 'fp-ts/Either'
import { memoryStore } from '../../src/adapters/memory/event-store.ts'
import type {
  Append,
  Appended,
  AppendFailure,
  EventStore,
  ReadStream,
  RecordedEvent,
  StoreError
} from '../../src/application/ports/event-store.ts'
import { failure } from '../../src/domain/failure.ts'

/** What becomes of a call: `real` makes it as the store itself would. */
type Step<A> = (real: () => Promise<A>) => Promise<A>

export type AppendStep = Step<E.Either<AppendFailure, Appended>>
export type AtomicStep = Step<E.Either<AppendFailure & { readonly index: number }, void>>
export type ReadStep = Step<E.Either<StoreError, ReadonlyArray<RecordedEvent>>>

export const connectionLost: StoreError = failure('StoreUnavailable', 'the connection was lost')

const unknown: E.Either<AppendFailure, never> = E.left({ _tag: 'OutcomeUnknown', error: connectionLost })

export const works = <A>(real: () => Promise<A>): Promise<A> => real()

/** The answer is lost, and nothing was written. */
export const lostBefore: AppendStep = async () => unknown

/** The answer is lost, but the store has done what it was asked, whatever that came to. */
export const lostAfter: AppendStep = async (real) => {
  await real()
  return unknown
}

export const notWritten =
  (error: StoreError): AppendStep =>
  async () =>
    E.left({ _tag: 'NotWritten', error })

export const unreadable: ReadStep = async () => E.left(connectionLost)

/** Something happens first: a rival's real write, so that the append as it is meets a conflict; or time goes by. */
export const preceded =
  (event: () => unknown, step: AppendStep = works): AppendStep =>
  async (real) => {
    await event()
    return step(real)
  }

/** Something happens after the append, before its caller is answered. */
export const followed =
  (event: () => unknown, step: AppendStep = works): AppendStep =>
  async (real) => {
    const answer = await step(real)
    await event()
    return answer
  }

type Asked = {
  readonly stream: string
  readonly direction: Parameters<ReadStream>[1]
  readonly from: Parameters<ReadStream>[2]
  readonly count: number
}

/** A read, and how many events it came back with. */
export type ReadCall = Asked & { readonly found: number }

/**
 * A view of a store whose appends and reads go as they are told, call by call; after that, and where they are not told
 * anything, they go as the store has it. It keeps what was asked of it.
 */
export type ScriptedStore = EventStore & {
  /** The store behind it, without a script: what a rival process would write to. */
  readonly real: EventStore
  /** Every append that was tried, in order. */
  readonly appends: ReadonlyArray<Append>
  readonly reads: ReadonlyArray<ReadCall>
  /** What the read asks for that goes on right now. */
  readonly asked: () => Asked
  /** Tells what becomes of the next appends, one each. */
  readonly onAppend: (...steps: ReadonlyArray<AppendStep>) => void
  readonly onRead: (...steps: ReadonlyArray<ReadStep>) => void
  /** Tells what becomes of all appends that nothing else is told about. */
  readonly onEveryAppend: (step: AppendStep) => void
  readonly onEveryRead: (step: ReadStep) => void
  /** Tells what becomes of the next appends that go together in one transaction. */
  readonly onAtomic: (...steps: ReadonlyArray<AtomicStep>) => void
  /** Forgets what was asked of it so far. */
  readonly forget: () => void
}

export const scriptedStore = (real: EventStore = memoryStore()): ScriptedStore => {
  const appends: Array<Append> = []
  const reads: Array<ReadCall> = []
  const appendSteps: Array<AppendStep> = []
  const readSteps: Array<ReadStep> = []
  const atomicSteps: Array<AtomicStep> = []
  let everyAppend: AppendStep = works
  let everyRead: ReadStep = works
  let last: Asked = { stream: '', direction: 'forwards', from: 'start', count: 0 }
  return {
    ...real,
    // reads that nothing is told about are those of the store
    ...(real.confirmCurrent && { confirmCurrent: real.confirmCurrent }),
    real,
    appends,
    reads,
    asked: () => last,
    append: (append) => async () => {
      appends.push(append)
      return (appendSteps.shift() ?? everyAppend)(real.append(append))
    },
    readStream: (stream, direction, from, count) => async () => {
      last = { stream, direction, from, count }
      const answer = await (readSteps.shift() ?? everyRead)(real.readStream(stream, direction, from, count))
      reads.push({ stream, direction, from, count, found: E.isRight(answer) ? answer.right.length : 0 })
      return answer
    },
    ...(real.appendAtomically && {
      appendAtomically: (all) => async () => {
        const atomically = real.appendAtomically?.(all)
        if (atomically === undefined) throw new Error('the store has no transactions')
        return (atomicSteps.shift() ?? works)(atomically)
      }
    }),
    onAtomic: (...steps) => void atomicSteps.push(...steps),
    onAppend: (...steps) => void appendSteps.push(...steps),
    onRead: (...steps) => void readSteps.push(...steps),
    onEveryAppend: (step) => {
      everyAppend = step
    },
    onEveryRead: (step) => {
      everyRead = step
    },
    forget: () => {
      appends.length = 0
      reads.length = 0
    }
  }
}
