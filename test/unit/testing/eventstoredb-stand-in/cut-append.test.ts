import { randomUUID } from 'node:crypto'
import { expect, it, onTestFinished } from 'vitest'
import { appendMessages } from '../../../../src/adapters/eventstoredb/append/append-messages.ts'
import { noStream } from '../../../../src/domain/expected-revision.ts'
import {
  featuresService,
  grpc,
  sharedPb,
  streamsService
} from '../../../../src/testing/eventstoredb-stand-in/generated.ts'
import { clientOf, letter, standIn, unary } from './world.ts'

const event = () => ({ id: randomUUID(), type: 'T', data: '{}', metadata: '{}' })

it('writes nothing of an append whose connection is cut before it was sent whole', async () => {
  const server = await standIn()
  const stub = new streamsService.StreamsClient(`127.0.0.1:${server.port}`, grpc.credentials.createInsecure())
  onTestFinished(() => stub.close())
  const cut = (stream: string) =>
    new Promise((ended) => {
      const call = stub.append(new grpc.Metadata(), ended)
      const messages = appendMessages({ stream, expected: noStream, events: [event(), event()] })
      for (const message of messages.slice(0, -1)) call.write(message)
    })
  const ends = Promise.all(['s-1', 's-2', 's-3'].map(cut))
  // what comes after them over the same connection is answered after they came
  const behind = new featuresService.ServerFeaturesClient('', grpc.credentials.createInsecure(), {
    channelOverride: stub.getChannel()
  })
  expect(await new Promise((answered) => behind.getSupportedMethods(new sharedPb.Empty(), answered))).toBeNull()
  server.dropConnections()
  expect(await ends).toMatchObject([{ code: 14 }, { code: 14 }, { code: 14 }])
  await unary(clientOf(server.url))('whole', [letter('a')], 'no_stream')
  expect(server.records().map(({ stream }) => stream)).toEqual(['whole'])
})
