import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appendMessages } from '../../../../src/adapters/eventstoredb/append/append-messages.ts'
import { appendBytes, eventFault, withinLimit } from '../../../../src/adapters/eventstoredb/append/event-data.ts'
import { recordedIn } from '../../../../src/adapters/eventstoredb/read/recorded-event.ts'
import type { ProposedEvent } from '../../../../src/application/ports/event-store.ts'
import { exactly } from '../../../../src/domain/expected-revision.ts'
import { sharedPb, streamsPb } from '../../../../src/testing/eventstoredb-stand-in/generated.ts'
import { identifierOf } from '../../../../src/testing/eventstoredb-stand-in/messages.ts'
import { uuidOf } from '../../../../src/testing/eventstoredb-stand-in/uuid.ts'

const proposed = (data: string, metadata = '{}'): ProposedEvent => ({ id: randomUUID(), type: 'T', data, metadata })

const sent = (event: ProposedEvent) => {
  const [, entry] = appendMessages({ stream: 's', expected: exactly(4n), events: [event] })
  return entry?.getProposedMessage() ?? expect.fail('no event was sent')
}

const recorded = () => {
  const message = new streamsPb.ReadResp.ReadEvent.RecordedEvent()
    .setStreamIdentifier(identifierOf('s'))
    .setStreamRevision('3')
    .setCommitPosition('7')
    .setPreparePosition('6')
  message.getMetadataMap().set('type', 'T').set('created', '50000')
  return message
}

/** Out as keyfold sends it, and back as a server sends what it stored. */
const outAndBack = (event: ProposedEvent) => {
  if (eventFault(event) !== undefined) return undefined
  const message = sent(event)
  return recordedIn(
    recorded()
      .setId(message.getId())
      .setData(message.getData_asU8())
      .setCustomMetadata(message.getCustomMetadata_asU8())
  ).event
}

describe('event data', () => {
  it('comes back byte for byte, whatever JSON.stringify wrote', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.jsonValue({ maxDepth: 3 }), (data, metadata) => {
        const event = proposed(JSON.stringify(data), JSON.stringify(metadata))
        const back = outAndBack(event)
        expect(back?.data).toBe(event.data)
        expect(back?.metadata).toBe(event.metadata)
      })
    )
  })

  it.each([
    '{"2":1,"10":2,"a":3}',
    '{"__proto__":{"x":1},"constructor":1,"toJSON":2}',
    '{"a":"\\u0000\\ud800\u0085\ufeff\u2028😀\\"\\\\"}',
    JSON.stringify([-0, 1e21, 5e-324, 0.1, 2 ** 53 - 1]),
    '0',
    'null',
    '""',
    'false'
  ])('keeps %s', (text) => {
    const back = outAndBack(proposed(text, text))
    expect(back).toMatchObject({ data: text, metadata: text, position: '7/6', recordedAtMs: 5, stream: 's' })
  })

  it.each(['', '{', '{ "a": 1 }', '{"10":1,"2":1}', '-0', '1E21', '9007199254740993', '"\ud800"', 'undefined'])(
    'refuses %j, which is not JSON as JSON.stringify writes it',
    (text) => {
      expect(eventFault(proposed(text))).toMatchObject({ _tag: 'InvalidInput' })
      expect(eventFault(proposed('{}', text))).toMatchObject({ _tag: 'InvalidInput' })
    }
  )

  it('refuses ids that are no UUIDs, and types that are empty', () => {
    for (const id of ['', 'x', randomUUID().toUpperCase(), `${randomUUID()} `]) {
      expect(eventFault({ ...proposed('{}'), id })).toMatchObject({ _tag: 'InvalidInput' })
    }
    expect(eventFault({ ...proposed('{}'), type: '' })).toMatchObject({ _tag: 'InvalidInput' })
  })

  it('sends the texts as the bytes that they are, and says that they are JSON', () => {
    const event = proposed('{"a":"é😀"}', '{"b":"\u2028"}')
    const message = sent(event)
    expect(Buffer.from(message.getData_asU8()).toString('utf8')).toBe(event.data)
    expect(Buffer.from(message.getCustomMetadata_asU8()).toString('utf8')).toBe(event.metadata)
    expect(message.getMetadataMap().get('content-type')).toBe('application/json')
  })

  it('counts bytes, not characters, against the limit', () => {
    const event = proposed(JSON.stringify('é'.repeat(10)))
    expect(appendBytes([event])).toBe(22 + 2 + 2)
    expect(withinLimit([event], 26)).toBeUndefined()
    expect(withinLimit([event], 25)).toMatchObject({ _tag: 'LimitExceeded', limit: 25, size: 26 })
  })

  it('gives foreign events some text, for the reader to refuse', () => {
    const foreign = recorded()
      .setId(uuidOf(randomUUID()))
      .setData(new Uint8Array([0xff, 0x00]))
    expect(recordedIn(foreign).event).toMatchObject({ data: '\ufffd\0', metadata: '', revision: 3n })
  })

  it('reads ids in both forms, and gives one of servers before 22.6 no position', () => {
    const id = 'f47ac10b-58cc-4372-a567-0e02b2c3d479'
    const structured = new sharedPb.UUID.Structured()
      .setMostSignificantBits(String(BigInt.asIntN(64, 0xf47ac10b58cc4372n)))
      .setLeastSignificantBits(String(BigInt.asIntN(64, 0xa5670e02b2c3d479n)))
    const none = String(2n ** 64n - 1n)
    const old = recorded()
      .setId(new sharedPb.UUID().setStructured(structured))
      .setCommitPosition(none)
      .setPreparePosition(none)
    expect(recordedIn(old)).toMatchObject({ event: { id, position: '0/0' }, position: undefined })
    expect(recordedIn(recorded().setId(uuidOf(id.toUpperCase()))).event.id).toBe(id)
  })
})
