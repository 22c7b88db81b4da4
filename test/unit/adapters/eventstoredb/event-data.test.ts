import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appendMessages } from '../../../../src/adapters/eventstoredb/append-messages.ts'
import { appendBytes, eventFault, withinLimit } from '../../../../src/adapters/eventstoredb/event-data.ts'
import { toRecorded } from '../../../../src/adapters/eventstoredb/recorded-event.ts'
import type { ProposedEvent } from '../../../../src/application/ports/event-store.ts'
import { exactly } from '../../../../src/domain/expected-revision.ts'

const proposed = (data: string, metadata = '{}'): ProposedEvent => ({ id: randomUUID(), type: 'T', data, metadata })

const sent = (event: ProposedEvent) => {
  const [, entry] = appendMessages({ stream: 's', expected: exactly(4n), events: [event] })
  return entry?.getProposedMessage() ?? expect.fail('no event was sent')
}

/** Out as keyfold sends it, and back as the client reads it (convertGrpcEvent.js of 6.2.1). */
const outAndBack = (event: ProposedEvent) => {
  if (eventFault(event) !== undefined) return undefined
  const message = sent(event)
  const parsed = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString('utf8'))
  return toRecorded({
    event: {
      id: message.getId()?.getString() ?? '',
      type: message.getMetadataMap().get('type') ?? '',
      data: parsed(message.getData_asU8()),
      metadata: parsed(message.getCustomMetadata_asU8()),
      isJson: true,
      streamId: 's',
      revision: 0n,
      created: new Date(5),
      position: { commit: 7n, prepare: 6n }
    }
  })
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
    'refuses %j, which the client would give back in another way or not at all',
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
    const foreign = {
      id: randomUUID(),
      type: 'x',
      isJson: false as const,
      streamId: 's',
      revision: 3n,
      created: new Date(0),
      data: new Uint8Array([0xff, 0x00]),
      metadata: undefined
    }
    expect(toRecorded({ event: foreign })).toMatchObject({ metadata: '', position: '0/0', revision: 3n })
    expect(toRecorded({})).toBeUndefined()
  })
})
