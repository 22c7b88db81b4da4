import { convertToCommandError } from '@eventstore/db-client'
import type { AppendReq, AppendResp } from '@eventstore/db-client/generated/streams_pb.js'
import type { ActualRevision } from '../../domain/expected-revision.ts'
import type { CallArguments, StreamsClient } from './machinery.ts'

/** What a server answers to an append. */
export type AppendAnswer =
  | {
      readonly _tag: 'Accepted'
      readonly revision: bigint
      /** Without one it is the answer to ids that were written before, and whose events cannot be read any more. */
      readonly hasPosition: boolean
    }
  | { readonly _tag: 'Conflict'; readonly actual: ActualRevision }

const answerIn = (response: AppendResp): AppendAnswer | undefined => {
  const conflict = response.getWrongExpectedVersion()
  if (conflict !== undefined) {
    const actual = conflict.hasCurrentRevision() ? BigInt(conflict.getCurrentRevision()) : 'noStream'
    return { _tag: 'Conflict', actual }
  }
  const success = response.getSuccess()
  return (
    success && {
      _tag: 'Accepted',
      revision: BigInt(success.getCurrentRevision()),
      hasPosition: success.hasPosition()
    }
  )
}

/** Makes the unary append over a channel. Whatever goes wrong rejects the promise, an answer that says nothing too. */
export const callAppend = (
  grpc: StreamsClient,
  [metadata, options]: CallArguments,
  messages: ReadonlyArray<AppendReq>
): Promise<AppendAnswer> =>
  new Promise((resolve, reject) => {
    const call = grpc.append(metadata, options, (error, response) => {
      if (error) return reject(convertToCommandError(error))
      const answer = answerIn(response)
      if (answer === undefined) return reject(new Error('the server answered an append neither way'))
      resolve(answer)
    })
    // without a listener an error would end the process
    call.on('error', reject)
    for (const message of messages) call.write(message)
    call.end()
  })
