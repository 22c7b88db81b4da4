import * as E from 'fp-ts/Either'
import type { RecordedEvent } from '../../../src/application/ports/event-store.ts'
import { type NamedFault, reading } from './fault.ts'

export const readFaults: ReadonlyArray<NamedFault> = [
  [
    'a name that no stream has is one that nobody wrote to',
    'read a stream',
    (store) => ({
      ...store,
      readStream: (stream, ...rest) => (stream ? store.readStream(stream, ...rest) : async () => E.right([]))
    })
  ],
  [
    'a revision that is none is the last that there is',
    'read a stream',
    (store) => ({
      ...store,
      readStream: (stream, direction, from, ...rest) =>
        store.readStream(stream, direction, typeof from === 'bigint' && from >= 2n ** 63n ? 'end' : from, ...rest)
    })
  ],
  [
    'texts are trimmed',
    'append, texts',
    reading((events) => events.map((event) => ({ ...event, data: event.data.replaceAll('\ufeff', '') })))
  ],
  [
    'metadata is forgotten',
    'append, texts',
    reading((events) => events.map((event) => ({ ...event, metadata: '{}' })))
  ],
  [
    'large events are cut',
    'append, texts',
    reading((events) => events.map((event) => ({ ...event, data: event.data.slice(0, 1 << 20) })))
  ],
  ['pages of a stream are bounded', 'append, texts', reading((events) => events.slice(0, 500))],
  [
    'the start is exclusive',
    'read a stream',
    (store) => ({
      ...store,
      readStream: (stream, direction, from, count) =>
        store.readStream(
          stream,
          direction,
          typeof from === 'bigint' && direction === 'forwards' ? from + 1n : from,
          count
        )
    })
  ],
  [
    'one more than asked for',
    'read a stream',
    (store) => ({
      ...store,
      readStream: (stream, direction, from, count) => store.readStream(stream, direction, from, count + 1)
    })
  ],
  ['backwards is forwards', 'read a stream', reading((events) => [...events].reverse())],
  [
    'nothing beyond the end, backwards neither',
    'read a stream',
    reading((events, _, __, from) => (typeof from === 'bigint' && from > 4n ? [] : events))
  ],
  [
    'revisions are numbers',
    'read a stream',
    reading((events) => events.map((event) => ({ ...event, revision: Number(event.revision) as unknown as bigint })))
  ],
  [
    'a read is a little behind',
    'read a stream',
    (store) => {
      let before: ReadonlyArray<RecordedEvent> = []
      return reading((events) => {
        const stale = before
        before = events
        return stale
      })(store)
    }
  ]
]
