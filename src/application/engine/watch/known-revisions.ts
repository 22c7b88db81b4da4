import type { EventStore } from '../../ports/event-store.ts'
import { generations } from '../../stream/generations.ts'

/** How far streams have certainly got: an append was answered with it, or a read has shown it. No later read may show less. */
export type KnownRevisions = {
  readonly of: (stream: string) => bigint | undefined
  /** Learns that a stream has got so far; never that it has not. */
  readonly raise: (stream: string, revision: bigint) => void
  readonly forget: (stream: string) => void
}

/** Of so many streams it is known at most, and of half as many that were used last at the least. */
const maxStreams = 32_768

const knownRevisions = (): KnownRevisions => {
  const revisions = generations<{ revision: bigint }>(maxStreams, () => 1)
  return {
    of: (stream) => revisions.get(stream)?.revision,
    raise: (stream, revision) => {
      const known = revisions.get(stream)
      // what is known is raised in place: each stream is looked up once more otherwise
      if (known === undefined) revisions.set(stream, { revision })
      else if (known.revision < revision) known.revision = revision
    },
    forget: revisions.drop
  }
}

const ofStores = new WeakMap<EventStore, KnownRevisions>()

/** What is known of the streams of a store: one for all ledgers on it. */
export const knownRevisionsOf = (store: EventStore): KnownRevisions => {
  const known = ofStores.get(store) ?? knownRevisions()
  ofStores.set(store, known)
  return known
}

/** Lets a view of a store know what is known of the store itself: of one that reads exactly as the store does. */
export const shareKnownRevisions = (view: EventStore, store: EventStore): void => {
  ofStores.set(view, knownRevisionsOf(store))
}
