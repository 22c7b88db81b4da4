import * as E from 'fp-ts/Either'
import { expect, it, onTestFinished } from 'vitest'
import { noStream } from '../../../../src/domain/expected-revision.ts'
import { grpc, sharedPb, streamsPb, streamsService } from '../../../../src/testing/eventstoredb-stand-in/generated.ts'
import { proposed } from '../../../support/append-of.ts'
import { storeOn } from '../../../support/eventstoredb.ts'

type Answer = InstanceType<typeof streamsPb.AppendResp>

/** A server that reads an append whole, and answers it in this way; its other calls are not there. */
const answering = async (answer: Answer): Promise<string> => {
  const server = new grpc.Server()
  server.addService({ append: streamsService.StreamsService.append } as never, {
    append: (call: NodeJS.ReadableStream, done: (error: null, answer: Answer) => void) => {
      call.on('end', () => done(null, answer)).resume()
    }
  })
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (cause, bound) =>
      cause ? reject(cause) : resolve(bound)
    )
  )
  onTestFinished(() => server.forceShutdown())
  return `esdb://127.0.0.1:${port}?tls=false`
}

const appendTo = async (url: string) => {
  const store = await storeOn(url, { deadlineMs: 2000 })
  return store.append({ stream: 's-1', expected: noStream, events: [proposed()] })()
}

it('an answer that says neither way leaves the outcome unknown', async () => {
  expect(await appendTo(await answering(new streamsPb.AppendResp()))).toMatchObject(
    E.left({ _tag: 'OutcomeUnknown', error: { _tag: 'StoreUnavailable' } })
  )
})

it('a conflict with a stream that is not there is a conflict', async () => {
  const conflict = new streamsPb.AppendResp.WrongExpectedVersion().setCurrentNoStream(new sharedPb.Empty())
  expect(await appendTo(await answering(new streamsPb.AppendResp().setWrongExpectedVersion(conflict)))).toEqual(
    E.left({ _tag: 'WrongExpectedRevision', actual: 'noStream' })
  )
})
