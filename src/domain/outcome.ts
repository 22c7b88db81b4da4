import * as E from 'fp-ts/Either'
import * as t from 'io-ts'
import { Instant } from './instant.ts'
import { canonicalJson, type Json } from './json.ts'
import { StoredJson } from './stored-json.ts'

/** What came of the work, as it is stored and replayed. */
export type Outcome = {
  readonly outcomeKind: string
  readonly completedAtMs: Instant
  readonly primaryRefKind?: string
  readonly primaryRefId?: string
  readonly secondaryRefKind?: string
  readonly secondaryRefId?: string
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
