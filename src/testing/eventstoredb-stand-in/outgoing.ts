import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js'
import type { ServerWritableStream } from '@grpc/grpc-js'
import type { Call } from './calls.ts'
import type { LoggedEvent } from './events.ts'
import { type Fault, faultAfterEvents, faultAt, type Plan } from './faults.ts'
import { resolve } from './links.ts'
import { logOf, type Node, strike, toServiceError } from './node.ts'
import { eventAnswer, type Ids } from './read-answers.ts'
import type { Problem } from './rpc-error.ts'

export type ReadWire = ServerWritableStream<ReadReq, ReadResp>

/** How events are sent: `ids` undefined where the request does not say how, over which a server before 24.2 stumbles. */
export type EventForm = { readonly resolveLinks: boolean; readonly ids: Ids | undefined }

/** The answers of a read or subscription. What returns a boolean tells whether there is still someone to answer. */
export type Outgoing = {
  readonly send: (answer: ReadResp) => boolean | Promise<boolean>
  readonly sendEvent: (event: LoggedEvent, isLive?: boolean) => Promise<boolean>
  /** Lets the fault strike that is planned for this moment. */
  readonly reach: (moment: 'before' | 'after') => Promise<boolean>
  readonly fail: (problem: Problem) => void
  readonly end: () => void
  /** Waits for `wake`, or for so many ms. */
  readonly sleep: (ms?: number) => Promise<boolean>
  readonly wake: () => void
}

/** Writes no faster than the client takes, and lets faults strike in the middle. */
export const outgoing = (node: Node, wire: ReadWire, call: Call, plan: Plan, form: EventForm): Outgoing => {
  let over = false
  let sent = 0
  const close = node.open(call, () => sent)
  let drained = (): void => {}
  let woken = (): void => {}

  const fail = (problem: Problem): void => {
    if (over) return
    over = true
    close()
    wire.emit('error', toServiceError(node, problem, call.stream))
  }

  const strikeWith = async (fault: Fault | undefined): Promise<boolean> => {
    if (fault !== undefined && !(await strike(node, wire, fault, fail))) over = true
    return !over
  }

  const send = (answer: ReadResp): boolean | Promise<boolean> => {
    if (over || wire.write(answer)) return !over
    return new Promise((resolve) => {
      drained = () => resolve(!over)
    })
  }

  const stop = (): void => {
    over = true
    close()
    drained()
    woken()
  }
  wire.on('drain', () => drained())
  wire.on('cancelled', stop)
  // also where others end the call
  wire.on('error', stop)

  return {
    send,
    sendEvent: async (event, isLive = false) => {
      // nothing comes any more, and no end either
      if (form.ids === undefined) return false
      const resolved = form.resolveLinks ? resolve(logOf(node), event, isLive) : { event }
      const written = send(eventAnswer(resolved, form.ids))
      sent++
      if (!(await written)) return false
      return strikeWith(faultAfterEvents(plan, sent))
    },
    reach: (moment) => strikeWith(faultAt(plan, moment)),
    fail,
    end: () => {
      close()
      wire.end()
    },
    sleep: (ms) =>
      new Promise((resolve) => {
        const timer = ms === undefined ? undefined : node.later(ms, () => woken())
        woken = () => {
          timer?.cancel()
          resolve(!over)
        }
        if (over) woken()
      }),
    wake: () => woken()
  }
}
