import * as E from 'fp-ts/Either'
import * as t from 'io-ts'
import { codecOf } from './codec-of.ts'
import { Instant } from './instant.ts'
import { canonicalJson, type Json } from './json.ts'

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

/** Stored text is JSON already: only the presence of `details` is left to check. */
const Details = codecOf('Json', (value): value is Json => value !== undefined)

export const Outcome: t.Type<Outcome, unknown> = t.intersection(
  [
    t.type({ outcomeKind: t.string, completedAtMs: Instant, details: Details }),
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
