import * as E from 'fp-ts/Either'
import * as t from 'io-ts'
import { Instant } from './instant.ts'
import { canonicalJson, type Json } from './json.ts'
import { StoredJson } from './stored-json.ts'

/** What came of the work, as it is stored and replayed. */
export type Outcome = {
  /** What kind of outcome it is. */
  readonly outcomeKind: string
  /** When the work was done, epoch ms. It tells no outcome from another. */
  readonly completedAtMs: Instant
  /** What `primaryRefId` names. */
  readonly primaryRefKind?: string
  /** The id of what the work made or changed. */
  readonly primaryRefId?: string
  /** What `secondaryRefId` names. */
  readonly secondaryRefKind?: string
  /** The id of something else that belongs to the outcome. */
  readonly secondaryRefId?: string
  /** Whatever else was stored with it; `null` where nothing was. */
  readonly details: Json
}

export const Outcome: t.Type<Outcome, unknown> = t.intersection(
  [
    t.type({ outcomeKind: t.string, completedAtMs: Instant, details: StoredJson }),
    t.partial({
      primaryRefKind: t.string,
      primaryRefId: t.string,
      secondaryRefKind: t.string,
      secondaryRefId: t.string
    })
  ],
  'Outcome'
)

/** What makes two outcomes the same effect: canonical JSON, `completedAtMs` apart. */
export const essence = ({ completedAtMs: _, ...rest }: Outcome): string =>
  E.getOrElse(() => JSON.stringify(rest))(canonicalJson(rest))

export const sameOutcome = (a: Outcome, b: Outcome): boolean => essence(a) === essence(b)
