import * as E from 'fp-ts/Either'
import type { ProposedEvent } from '../../../src/application/ports/event-store.ts'
import { following, nextRevision, noStream } from '../../../src/domain/expected-revision.ts'
import { appending, failing, type NamedFault, tailOf } from './fault.ts'

/** Texts as UTF-8 can have them, of what is an event or not. */
const asCanBe = (event: Partial<ProposedEvent> | null | undefined): ProposedEvent => {
  const text = (given: unknown): string => String(given).toWellFormed()
  return { id: text(event?.id), type: text(event?.type), data: text(event?.data), metadata: text(event?.metadata) }
}

export const appendFaults: ReadonlyArray<NamedFault> = [
  [
    '“no stream” means “wherever it ends”',
    'append',
    appending(async (store, append) => {
      if (append.expected !== noStream) return store.append(append)()
      const tail = await tailOf(store, append.stream)
      return store.append({ ...append, expected: following(tail?.revision ?? 'noStream') })()
    })
  ],
  [
    'a conflict does not tell the revision',
    'append',
    failing((failed) => (failed._tag === 'WrongExpectedRevision' ? { ...failed, actual: 'noStream' } : failed))
  ],
  [
    'an append without events is nothing to complain of',
    'append',
    failing((failed) => (failed._tag === 'NotWritten' ? undefined : failed))
  ],
  [
    'the last event of an append is lost',
    'append',
    appending((store, append) =>
      store.append({ ...append, events: append.events.length > 1 ? append.events.slice(0, -1) : append.events })()
    )
  ],
  [
    'the revision is that of the first event',
    'append',
    appending(async (store, append) =>
      E.map(() => ({ revision: nextRevision(append.expected) }))(await store.append(append)())
    )
  ],
  [
    'names are told apart by their letters only',
    'append',
    (store) => ({
      ...store,
      append: (append) => store.append({ ...append, stream: append.stream.toLowerCase() }),
      readStream: (stream, ...rest) => store.readStream(stream.toLowerCase(), ...rest)
    })
  ],
  [
    'an event is written as it can be',
    'append',
    appending((store, append) => store.append({ ...append, events: append.events.map(asCanBe) })())
  ],
  [
    'a name is written as it can be',
    'append',
    appending((store, append) => store.append({ ...append, stream: String(append.stream || '-').toWellFormed() })())
  ],
  [
    'an expectation that is none is “no stream”',
    'append',
    appending((store, append) => {
      const isOne = typeof append.expected === 'object' && ['NoStream', 'Exactly'].includes(append.expected?._tag)
      return store.append(isOne ? append : { ...append, expected: noStream })()
    })
  ],
  [
    'an id is known in every stream',
    'append',
    (store) => {
      const known = new Set<string>()
      return appending(async (inner, append) => {
        if (append.events.some(({ id }) => known.has(id))) return E.right({ revision: nextRevision(append.expected) })
        for (const { id } of append.events) known.add(id)
        return inner.append(append)()
      })(store)
    }
  ]
]
