import {
  type Json,
  jsonFingerprint,
  KeyfoldError,
  type OnceAnswer,
  type OnceLedger,
  once,
  TaskAborted,
  type TaskContext
} from 'keyfold'

export type Message = { readonly id: string; readonly body: Json }

/** Any queue that delivers at least once. A message that is neither acknowledged nor given back comes again by itself. */
export type Queue = {
  /** The next message, or none once the queue is closed or the signal is aborted. */
  readonly take: (signal: AbortSignal) => Promise<Message | undefined>
  readonly ack: (message: Message) => Promise<void>
  /** Gives it back: it comes again after so many ms. */
  readonly nack: (message: Message, delayMs: number) => Promise<void>
  /** Puts it aside for somebody to look at. */
  readonly park: (message: Message, why: string) => Promise<void>
}

export type Job = (message: Message, context: TaskContext) => Promise<void>

/** Thrown by a job where it is certain that nothing happened but what its steps have on record. */
export class TryLater extends Error {}

const lease = 5_000

const fateOf: { readonly [answer in OnceAnswer<void>['_tag']]: 'ack' | 'again' | 'park' } = {
  Ran: 'ack',
  Replayed: 'ack',
  Failed: 'ack',
  ReplayedFailure: 'ack',
  InFlight: 'again',
  Released: 'again',
  LeftToLapse: 'again',
  ClaimLost: 'again',
  Unrecorded: 'again',
  Conflict: 'park',
  InDoubt: 'park',
  Gone: 'park'
}

const work = async (queue: Queue, ledger: OnceLedger, job: Job, message: Message, signal: AbortSignal) => {
  const answer = await once(ledger, {
    tenant: { orgId: 'acme', workspaceId: 'shop' },
    operation: 'job',
    key: message.id,
    requestFingerprint: jsonFingerprint(message.body),
    owner: `worker ${process.pid}`,
    lease,
    signal,
    onThrow: (error) => (error instanceof TryLater || error instanceof TaskAborted ? 'transient' : 'ambiguous')
  })((context) => job(message, context))
  const fate = fateOf[answer._tag]
  if (fate === 'ack') return queue.ack(message)
  if (fate === 'park') return queue.park(message, answer._tag)
  return queue.nack(message, answer._tag === 'InFlight' ? Math.min(answer.retryAfterMs ?? lease, lease) : lease)
}

/** One worker of the pool. Start as many as you like, in as many processes; each ends with its queue, or its signal. */
export const workOff = async (queue: Queue, ledger: OnceLedger, job: Job, signal: AbortSignal): Promise<void> => {
  for (;;) {
    const message = await queue.take(signal)
    if (message === undefined) return
    await work(queue, ledger, job, message, signal).catch((error) => {
      // a message that can have no key comes to nothing; else the ledger could not answer, or the worker is to stop
      const isRefused = error instanceof KeyfoldError && ['InvalidInput', 'LimitExceeded'].includes(error.tag)
      return isRefused ? queue.park(message, error.tag) : queue.nack(message, lease)
    })
  }
}
