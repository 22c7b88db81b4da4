import { type ResourceLimits, Worker } from 'node:worker_threads'
import * as E from 'fp-ts/Either'
import type { StoreError } from '../../../application/ports/event-store.ts'
import { failure } from '../../../domain/failure.ts'
import { errorOf, type GroupMessage, type Readiness, type Reply, type ThreadStart } from './messages.ts'

/** A thread that writes groups by a connection of its own, one at a time. */
export type WriterThread = {
  /** A thread that ends without a reply leaves it open what was written. */
  readonly write: (message: GroupMessage) => Promise<Reply>
  /** Why it ended, once it has. */
  readonly ended: () => StoreError | undefined
  /** Ends it, in the middle of a transaction too, which is rolled back then. Resolves once its connection is closed. */
  readonly end: () => Promise<void>
}

/** A thread that is on its way. */
export type Starting = {
  readonly ready: Promise<E.Either<StoreError, WriterThread>>
  /** The process need not wait for it. */
  readonly unref: () => void
  readonly end: () => Promise<void>
}

const because = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

const notStarted = (cause: unknown): StoreError =>
  failure('StoreUnavailable', `the writer thread cannot be started: ${because(cause)}`, { cause })

/** What a thread runs, and what it may take. */
export type ThreadProgram = { readonly url: URL; readonly resourceLimits?: ResourceLimits }

/** It stands beside this module in the built package. */
export const ownProgram: ThreadProgram = { url: new URL('./writer-thread.js', import.meta.url) }

const attend = (worker: Worker): Starting => {
  let cause: unknown
  let ended: StoreError | undefined
  let hear: (said: Readiness | Reply | undefined) => void = () => {}
  const next = (): Promise<Readiness | Reply | undefined> =>
    new Promise((resolve) => {
      hear = resolve
    })
  const exit = new Promise<void>((resolve) => {
    // by then its connection is closed, and what it had begun is rolled back
    worker.once('exit', (code) => {
      const why = cause === undefined ? `it exited with ${code}` : because(cause)
      ended = failure('StoreUnavailable', `the writer thread ended: ${why}`, { cause })
      hear(undefined)
      resolve()
    })
  })
  const end = async (): Promise<void> => {
    await worker.terminate()
    await exit
  }
  worker.on('message', (said: Readiness | Reply) => hear(said))
  worker.on('error', (error) => {
    cause = error
  })
  worker.on('messageerror', (error) => {
    cause = error
    void end()
  })

  const write = async (message: GroupMessage): Promise<Reply> => {
    const reply = next()
    // whoever waits for an answer keeps the process
    worker.ref()
    worker.postMessage(message, [message.numbers.buffer, message.bytes.buffer])
    const said = await reply
    worker.unref()
    if (said !== undefined && said._tag !== 'Ready' && said._tag !== 'NotReady') return said
    return { _tag: 'Failed', how: 'OutcomeUnknown', told: { error: ended ?? notStarted(undefined) } }
  }

  const ready = next().then((said) => {
    worker.unref()
    if (said?._tag === 'Ready') return E.right({ write, ended: () => ended, end })
    void end()
    return E.left(said?._tag === 'NotReady' ? errorOf(said.told) : notStarted(cause))
  })
  return { ready, unref: () => worker.unref(), end }
}

/** Starts a writer thread. */
export const startThread = (
  { url, ...limits }: ThreadProgram,
  workerData: ThreadStart
): E.Either<StoreError, Starting> => {
  try {
    // loaders and hooks of the program's own command line are not for it
    return E.right(attend(new Worker(url, { ...limits, workerData, execArgv: [], name: 'keyfold writer' })))
  } catch (cause) {
    return E.left(notStarted(cause))
  }
}
