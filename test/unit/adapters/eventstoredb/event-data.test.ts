import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { appendBytes, toEventData, withinLimit } from '../../../../src/adapters/eventstoredb/event-data.ts'
import { toRecorded } from '../../../../src/adapters/eventstoredb/recorded-event.ts'
import type { ProposedEvent } from '../../../../src/application/ports/event-store.ts'

const proposed = (data: string, metadata = '{}'): ProposedEvent => ({ id: randomUUID(), type: 'T', data, metadata })

/** What the client does to an event on its way out and back (append.js and convertGrpcEvent.js of 6.2.1). */
const throughTheClient = (event: ProposedEvent) => {
  const data = toEventData(event)
  if (E.isLeft(data)) return undefined
  const { metadata } = data.right
  if (!(metadata instanceof Uint8Array) || metadata.constructor !== Uint8Array) return expect.fail('not plain bytes')
  return toRecorded({
    event: {
      ...data.right,
      data: JSON.parse(Buffer.from(JSON.stringify(data.right.data), 'utf8').toString('utf8')),
      metadata: JSON.parse(Buffer.from(metadata).toString('utf8')),
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
        const back = throughTheClient(event)
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
    const back = throughTheClient(proposed(text, text))
    expect(back).toMatchObject({ data: text, metadata: text, position: '7/6', recordedAtMs: 5, stream: 's' })
  })

  it.each(['', '{', '{ "a": 1 }', '{"10":1,"2":1}', '-0', '1E21', '9007199254740993', '"\ud800"', 'undefined'])(
    'refuses %j, which the client would write in another way or not at all',
    (text) => {
      expect(toEventData(proposed(text))).toMatchObject(E.left({ _tag: 'InvalidInput' }))
      expect(toEventData(proposed('{}', text))).toMatchObject(E.left({ _tag: 'InvalidInput' }))
    }
  )

  it('refuses ids that are no UUIDs, and types that are empty', () => {
    for (const id of ['', 'x', randomUUID().toUpperCase(), `${randomUUID()} `]) {
      expect(toEventData({ ...proposed('{}'), id })).toMatchObject(E.left({ _tag: 'InvalidInput' }))
    }
    expect(toEventData({ ...proposed('{}'), type: '' })).toMatchObject(E.left({ _tag: 'InvalidInput' }))
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
