/** The stream revision that an append demands. Nothing weaker exists: no "any", no "stream exists". */
export type ExpectedRevision =
  | { readonly _tag: 'NoStream' }
  | {
      readonly _tag: 'Exactly'
      /** That of the stream’s last event, from 0. */
      readonly revision: bigint
    }

/** The revision that a stream has: that of its last event, or none. */
export type ActualRevision = bigint | 'noStream'

/** Demands that the stream has no events yet. */
export const noStream: ExpectedRevision = { _tag: 'NoStream' }

/** Demands that the stream’s last event has this revision, from 0. */
export const exactly = (revision: bigint): ExpectedRevision => ({ _tag: 'Exactly', revision })

/** The expectation under which an append follows directly on `actual`. */
export const following = (actual: ActualRevision): ExpectedRevision =>
  actual === 'noStream' ? noStream : exactly(actual)

/** The revision that the first event of an append under this expectation gets. */
export const nextRevision = (expected: ExpectedRevision): bigint =>
  expected._tag === 'NoStream' ? 0n : expected.revision + 1n
