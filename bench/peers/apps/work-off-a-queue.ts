import type { JSONValue } from '@aws-lambda-powertools/commons/types'
import { type Answer, held, type Items } from './held.ts'
import { type Step, stepsOf } from './steps.ts'

export type Message = { readonly id: string; readonly body: JSONValue }

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

export type Job = (message: Message, step: Step) => Promise<void>

/** Thrown by a job where it is certain that nothing happened but what its steps have on record. */
export class TryLater extends Error {}

const leaseMs = 5_000

const fateOf: { readonly [answer in Answer<null>['_tag']]: 'ack' | 'again' | 'park' } = {
  Ran: 'ack',
  Replayed: 'ack',
  Failed: 'ack',
  InFlight: 'again',
  Released: 'again',
  ClaimLost: 'again',
  Unrecorded: 'again',
  Conflict: 'park',
  InDoubt: 'park'
}

const isBad = ({ id }: Message): boolean => id.trim() === '' || Buffer.byteLength(id) > 4096

const work = async (queue: Queue, items: Items, job: Job, message: Message, stop: AbortSignal) => {
  if (isBad(message)) return queue.park(message, 'InvalidInput')
  const rules = {
    operation: 'job',
    key: message.id.trim(),
    payload: message.body,
    leaseMs,
    retentionSeconds: 10 * 365 * 24 * 3600,
    onThrow: (error: unknown) => (error instanceof TryLater || stop.aborted ? 'transient' : 'ambiguous')
  } as const
  const answer = await held(items, rules, async (lost) => {
    await job(message, stepsOf(items, rules, AbortSignal.any([lost, stop])))
    return null
  })
  const fate = fateOf[answer._tag]
  if (fate === 'ack') return queue.ack(message)
  if (fate === 'park') return queue.park(message, answer._tag)
  return queue.nack(message, answer._tag === 'InFlight' ? Math.min(answer.retryAfterMs, leaseMs) : leaseMs)
}

/** One worker of the pool. Start as many as you like, in as many processes; each ends with its queue, or its signal. */
export const workOff = async (queue: Queue, items: Items, job: Job, signal: AbortSignal): Promise<void> => {
  for (;;) {
    const message = await queue.take(signal)
    if (message === undefined) return
    await work(queue, items, job, message, signal).catch(() => queue.nack(message, leaseMs))
  }
}
