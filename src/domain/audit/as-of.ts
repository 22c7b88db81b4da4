import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { fold } from '../evolve.ts'
import type { Failure } from '../failure.ts'
import type { IdempotencyRecord } from '../record.ts'
import type { Ended } from '../state.ts'
import { countAt, type Dated, type Moment } from './moment.ts'

/** The last event of what was folded. */
type Until = {
  /** Its revision in the key's stream. */
  readonly revision: bigint
  /** When the store recorded it, epoch ms. */
  readonly recordedAtMs: number
}

/** What was known of a key at a moment: nothing yet, who held it, or that nobody did and how the last one ended. */
export type AsOf =
  | { readonly _tag: 'NeverSeen' }
  | ({
      readonly _tag: 'Held'
      /** The record as it stood. */
      readonly record: IdempotencyRecord
    } & Until)
  | ({
      readonly _tag: 'Vacant'
      /** The record that ended last, and why. */
      readonly ended?: Ended
    } & Until)

/** The fold of the first events of a stream. */
export const asOfCount = (events: ReadonlyArray<Dated>, count: number): AsOf => {
  const last = events[count - 1]
  if (last === undefined) return { _tag: 'NeverSeen' }
  const until = { revision: last.revision, recordedAtMs: last.recordedAtMs }
  const state = fold(events.slice(0, count).map(({ event }) => event))
  if (state._tag === 'Held') return { _tag: 'Held', record: state.record, ...until }
  return { _tag: 'Vacant', ...(state.ended && { ended: state.ended }), ...until }
}

/** The state of a key as of a moment: the fold of the events that stood then. Pure; takes the whole stream, oldest first. */
export const asOf = (events: ReadonlyArray<Dated>, at: Moment): E.Either<Failure, AsOf> =>
  pipe(
    countAt(events, at, '$.at'),
    E.map((count) => asOfCount(events, count))
  )
