import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js'
import type { ServerWritableStream } from '@grpc/grpc-js'
import type { Call } from './calls.ts'
import type { LoggedEvent } from './events.ts'
import { type Fault, faultAfterEvents, faultAt, type Plan, type ServerError } from './faults.ts'
import { type Node, strike, toServiceError } from './node.ts'
import { eventAnswer } from './read-answers.ts'

export type ReadWire = ServerWritableStream<ReadReq, ReadResp>

/** The answers of a read or subscription. What returns a boolean tells whether there is still someone to answer. */
export type Outgoing = {
  readonly send: (answer: ReadResp) => boolean | Promise<boolean>
  readonly sendEvent: (event: LoggedEvent) => Promise<boolean>
  /** Lets the fault strike that is planned for this moment. */
  readonly reach: (moment: 'before' | 'after') => Promise<boolean>
  readonly fail: (error: ServerError) => void
  readonly end: () => void
  /** Waits for `wake`. */
  readonly sleep: () => Promise<boolean>
  readonly wake: () => void
}

/** Writes no faster than the client takes, and lets faults strike in the middle. */
export const outgoing = (node: Node, wire: ReadWire, call: Call, plan: Plan): Outgoing => {
  let over = false
  let sent = 0
  const close = node.open(call, () => sent)
  let drained = (): void => {}
  let woken = (): void => {}

  const fail = (error: ServerError): void => {
    if (over) return
    over = true
    close()
    wire.emit('error', toServiceError(node, error, call.stream))
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

  wire.on('drain', () => drained())
  wire.on('cancelled', () => {
    over = true
    close()
    drained()
    woken()
  })

  return {
    send,
    sendEvent: async (event) => {
      const written = send(eventAnswer(event))
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
    sleep: () =>
      new Promise((resolve) => {
        if (over) resolve(false)
        woken = () => resolve(!over)
      }),
    wake: () => woken()
  }
}
