import { Instant } from '../../domain/instant.ts'
import type { JsonObject } from '../../domain/json.ts'
import { both, isAmong, matching, type Parser, refused } from '../../domain/parsing/parsed.ts'
import { filled, string } from '../../domain/parsing/values.ts'
import { trimWhiteSpace } from '../../domain/text.ts'
import type { Floats } from '../exact-json/parse.ts'

const integerFields = [
  'schema_version',
  'first_seen_at_ms',
  'last_seen_at_ms',
  'expires_at_ms',
  'completed_at_ms',
  'conflict_count'
] as const

export type IntegerField = (typeof integerFields)[number]

/** The fields of which the reader of the text must tell how they were written. */
export const integers: ReadonlySet<string> = new Set(integerFields)

const wanted = 'must be a whole number from 0 to 2^53 - 1'

const whole: Parser<Instant> = matching(Instant.is, wanted)

const noInteger: Parser<never> = (path) => refused(`${path} ${wanted}`, path)

/** A whole number from 0 on, and written as one: to the predecessor 1.0, 1e3 and -0 are of another type. */
export const integerIn = (floats: Floats, object: JsonObject, name: IntegerField): Parser<Instant> =>
  floats.get(object)?.includes(name) === true ? noInteger : whole

/** What the ledger would have trimmed must have come trimmed: under another text it would be another key. */
export const trimmed: Parser<string> = both(
  filled,
  matching(
    (value): value is string => typeof value === 'string' && trimWhiteSpace(value) === value,
    'must have no white space at its ends'
  )
)

export const among = <A extends string>(...allowed: ReadonlyArray<A>): Parser<A> =>
  both(string, matching(isAmong<A>(allowed), `must be one of ${allowed.join(', ')}`))
