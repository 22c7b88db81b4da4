import type { AppendReq, AppendResp } from '@eventstore/db-client/generated/streams_pb.js'
import type { Append } from '../../../application/ports/event-store.ts'
import { type ActualRevision, nextRevision } from '../../../domain/expected-revision.ts'
import { numberOf } from '../calls/revision.ts'
import type { CallArguments, StreamsClient } from '../client/client-internals.ts'
import type { Lifetime } from '../client/lifetime.ts'

/** What a server answers to an append. */
export type AppendAnswer =
  | {
      readonly _tag: 'Accepted'
      readonly revision: bigint
      /** Without one it is the answer to ids that were written before, and whose events cannot be read any more. */
      readonly hasPosition: boolean
    }
  | { readonly _tag: 'Conflict'; readonly actual: ActualRevision }

const actualIn = (conflict: AppendResp.WrongExpectedVersion): ActualRevision | undefined =>
  conflict.hasCurrentRevision()
    ? numberOf(conflict.getCurrentRevision())
    : conflict.hasCurrentNoStream()
      ? 'noStream'
      : undefined

/** Under an exact revision there is one revision that the last event can have; a stream that was deleted goes on. */
const isPossible = (revision: bigint, { expected, events }: Append): boolean => {
  const least = nextRevision(expected) + BigInt(events.length) - 1n
  return expected._tag === 'NoStream' ? revision >= least : revision === least
}

const answerIn = (response: AppendResp, append: Append): AppendAnswer | undefined => {
  const conflict = response.getWrongExpectedVersion()
  if (conflict !== undefined) {
    const actual = actualIn(conflict)
    return actual === undefined ? undefined : { _tag: 'Conflict', actual }
  }
  const success = response.getSuccess()
  const revision = success?.hasCurrentRevision() ? numberOf(success.getCurrentRevision()) : undefined
  return success && revision !== undefined && isPossible(revision, append)
    ? { _tag: 'Accepted', revision, hasPosition: success.hasPosition() }
    : undefined
}

/**
 * Makes the unary append over a channel. Whatever goes wrong rejects the promise, an answer that says nothing too. The
 * call ends with the store, but not before all of it was sent: Node ends a request before it resets it, and a server
 * takes what had come by then for the whole.
 */
export const callAppend = (
  grpc: StreamsClient,
  [metadata, options]: CallArguments,
  append: Append,
  messages: ReadonlyArray<AppendReq>,
  lifetime: Lifetime
): Promise<AppendAnswer> =>
  new Promise((resolve, reject) => {
    const call = grpc.append(metadata, options, (error, response) => {
      forget()
      if (error) return reject(error)
      const answer = answerIn(response, append)
      if (answer === undefined) return reject(new Error('the server answered an append in a way that makes no sense'))
      resolve(answer)
    })
    // without a listener an error would end the process
    call.on('error', reject)
    const giveUp = (): void => {
      if (call.writableFinished) call.cancel()
      else call.once('finish', () => call.cancel())
    }
    const forget = lifetime.onEnd(giveUp)
    for (const message of messages) call.write(message)
    call.end()
  })
