import * as E from 'fp-ts/Either'
import type { IdentifiedEvent } from '../events/ledger-event.ts'
import { type Failure, invalidInput } from '../failure.ts'
import type { Instant } from '../instant.ts'

/** A moment of a key: by the store's time of recording (callers' clocks may run backwards), or after a revision. */
export type Moment = { readonly timeMs: Instant } | { readonly revision: bigint }

/** An event with its place in its stream, and the store's time of recording, epoch ms. */
export type Dated = { readonly event: IdentifiedEvent; readonly revision: bigint; readonly recordedAtMs: number }

/**
 * How many of a stream's events stand at a moment: by time the longest beginning of the stream whose last event was
 * recorded by then. A revision that the stream does not have yet is `InvalidInput`: what it will say nobody knows. A key
 * without events has none at any moment.
 */
export const countAt = (events: ReadonlyArray<Dated>, moment: Moment, path: string): E.Either<Failure, number> => {
  const last = events.at(-1)
  if (last === undefined) return E.right(0)
  if ('timeMs' in moment) {
    return E.right(events.findLastIndex(({ recordedAtMs }) => recordedAtMs <= moment.timeMs) + 1)
  }
  return moment.revision > last.revision
    ? E.left(
        invalidInput(
          `${path}.revision is beyond the last one of the key, which is ${last.revision}`,
          `${path}.revision`
        )
      )
    : E.right(events.findLastIndex(({ revision }) => revision <= moment.revision) + 1)
}
