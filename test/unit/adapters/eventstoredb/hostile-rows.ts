import { ErrorType } from '@eventstore/db-client'
import type { AppendResp, ReadResp } from '@eventstore/db-client/generated/streams_pb.js'
import { sharedPb, streamsPb } from '../../../../src/testing/eventstoredb-stand-in/generated.ts'
import { eventAnswer } from '../../../../src/testing/eventstoredb-stand-in/read-answers.ts'
import { uuidOf } from '../../../../src/testing/eventstoredb-stand-in/uuid.ts'
import type { Trailed } from '../../../support/hostile-server.ts'

export const stream = 'x-1'
const id = '0e4b5a0e-52a5-4a35-8a2e-5e4c3b2a1f00'
const { ReadResp: Answer, AppendResp: Appended } = streamsPb

export const soundEvent = (revision = 0n, named = stream): ReadResp =>
  eventAnswer(
    {
      event: {
        id,
        type: 'T',
        contentType: 'application/json',
        data: Buffer.from('{}'),
        metadata: Buffer.from('{}'),
        stream: named,
        revision,
        position: 100n + revision,
        created: 5
      }
    },
    'text'
  )

type Recorded = NonNullable<ReturnType<NonNullable<ReturnType<ReadResp['getEvent']>>['getEvent']>>

const spoilt = (spoil: (event: Recorded) => unknown): ReadResp => {
  const message = soundEvent()
  const event = message.getEvent()?.getEvent()
  if (event !== undefined) spoil(event)
  return message
}

const largest = String(2n ** 64n - 1n)
const bytesOfNoText = Buffer.from([0xff, 0xfe])

/** Messages that neither a read nor a subscription can have. */
export const badMessages: { readonly [name: string]: ReadResp } = {
  'an empty message': new Answer(),
  'an event without anything in it': new Answer().setEvent(new Answer.ReadEvent()),
  'an event without an id': spoilt((event) => event.clearId()),
  'an event with an empty id': spoilt((event) => event.setId(new sharedPb.UUID())),
  'an event whose id is none': spoilt((event) => event.setId(uuidOf('no id'))),
  'an event without a stream': spoilt((event) => event.clearStreamIdentifier()),
  'an event of a stream without a name': spoilt((event) => event.setStreamIdentifier(new sharedPb.StreamIdentifier())),
  'an event of another stream': soundEvent(0n, 'y-1'),
  'an event of a stream whose name is no text': spoilt((event) =>
    event.setStreamIdentifier(new sharedPb.StreamIdentifier().setStreamName(bytesOfNoText))
  ),
  'an event without a type': spoilt((event) => event.getMetadataMap().del('type')),
  'an event without the time of its recording': spoilt((event) => event.getMetadataMap().del('created')),
  'an event recorded at no time': spoilt((event) => event.getMetadataMap().set('created', 'yesterday')),
  'an event recorded before time': spoilt((event) => event.getMetadataMap().set('created', '-1')),
  'an event recorded after time': spoilt((event) => event.getMetadataMap().set('created', largest)),
  'an event of revision 2^64 - 1': spoilt((event) => event.setStreamRevision(largest))
}

/** The log holds other streams too, and whoever named them may have used any bytes. */
const isOfOthers = new Set(['an event of another stream', 'an event of a stream whose name is no text'])

/** Of the log these are none either; in the read of a stream nobody looks at positions. */
export const badInTheLog: { readonly [name: string]: ReadResp } = {
  ...Object.fromEntries(Object.entries(badMessages).filter(([name]) => !isOfOthers.has(name))),
  'an event at 2^64 - 1': spoilt((event) => event.setCommitPosition(largest).setPreparePosition(largest)),
  'an event whose parts of a position are the wrong way round': spoilt((event) =>
    event.setCommitPosition('1').setPreparePosition('2')
  )
}

const success = (spoil: (answer: AppendResp.Success) => unknown): AppendResp => {
  const answer = new Appended.Success()
  spoil(answer)
  return new Appended().setSuccess(answer)
}

/** What a server may say of an append of one event that expects no stream, and that means nothing. */
export const badAnswers: { readonly [name: string]: AppendResp } = {
  'neither way': new Appended(),
  'success without a revision': success(() => {}),
  'success at no stream': success((answer) => answer.setNoStream(new sharedPb.Empty())),
  'success at revision 2^64 - 1': success((answer) => answer.setCurrentRevision(largest)),
  'a conflict with nothing': new Appended().setWrongExpectedVersion(new Appended.WrongExpectedVersion()),
  'a conflict with revision 2^64 - 1': new Appended().setWrongExpectedVersion(
    new Appended.WrongExpectedVersion().setCurrentRevision(largest)
  )
}

const binary = Buffer.from([0, 1, 2, 255])

/** Errors whose trailers are missing, doubled, binary, or say what cannot be. */
export const badErrors: { readonly [name: string]: Trailed } = {
  ...Object.fromEntries(
    Object.values(ErrorType).map((exception) => [
      `${exception} and no more`,
      { code: 9, trailers: [['exception', exception]] } satisfies Trailed
    ])
  ),
  'not-leader with an address that is none': {
    code: 5,
    trailers: [
      ['exception', 'not-leader'],
      ['leader-endpoint-host', 'a b/c?d'],
      ['leader-endpoint-port', '-7']
    ]
  },
  'wrong-expected-version with words for numbers': {
    code: 9,
    trailers: [
      ['exception', 'wrong-expected-version'],
      ['stream-name', 's'],
      ['expected-version', 'x'],
      ['actual-version', '99999999999999999999']
    ]
  },
  'an exception told twice': {
    code: 9,
    trailers: [
      ['exception', 'stream-deleted'],
      ['exception', 'not-leader']
    ]
  },
  'a binary trailer': { code: 2, trailers: [['exception-bin', binary]] },
  'an exception of its own': { code: 2, trailers: [['exception', '__proto__']] },
  'a status of its own': { code: 99 },
  'no text': { code: 13, details: '' },
  'much text': { code: 13, details: '..'.repeat(4000) }
}
