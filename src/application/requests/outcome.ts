import * as E from 'fp-ts/Either'
import { failure } from '../../domain/failure.ts'
import type { Instant } from '../../domain/instant.ts'
import { jsonFault } from '../../domain/json.ts'
import type { Outcome } from '../../domain/outcome.ts'
import { ownText } from '../../domain/own-text.ts'
import { type Parsed, refused } from '../../domain/parsing/parsed.ts'
import { isMembers, optionalInstant } from '../../domain/parsing/values.ts'
import { utf8Bytes } from '../../domain/text.ts'
import type { Limits } from '../settings.ts'
import type { OutcomeInput } from './requests.ts'

/** An outcome but for its time, which is the command's where the caller gives none. */
export type ParsedOutcome = (atMs: Instant) => Outcome

const fields = ['outcomeKind', 'primaryRefKind', 'primaryRefId', 'secondaryRefKind', 'secondaryRefId'] as const

type Texts = Omit<Outcome, 'completedAtMs' | 'details'>

/** Its kind and references. They have no limit of their own: the outcome has one as a whole. */
const textsOf = (input: OutcomeInput, path: string): Parsed<Texts> => {
  const texts: { -readonly [F in keyof Texts]: Texts[F] } = { outcomeKind: '' }
  for (const field of fields) {
    const value: unknown = input[field]
    if (value === undefined && field !== 'outcomeKind') continue
    if (typeof value !== 'string') return refused(`${path}.${field} must be a string`, `${path}.${field}`)
    texts[field] = ownText(value)
  }
  return E.right(texts)
}

/** An outcome: JSON throughout, within the limits, and a copy that the caller cannot change afterwards. */
export const outcome = (limits: Limits, input: OutcomeInput, path = '$.outcome'): Parsed<ParsedOutcome> => {
  if (!isMembers(input)) return refused(`${path} must be an outcome`, path)
  const texts = textsOf(input, path)
  if (E.isLeft(texts)) return texts
  const completedAtMs = optionalInstant(`${path}.completedAtMs`, input.completedAtMs)
  if (E.isLeft(completedAtMs)) return completedAtMs
  const { details = null } = input
  const fault = jsonFault(details, `${path}.details`, limits.detailsDepth) ?? jsonFault(texts.right, path)
  if (fault !== undefined) return E.left(fault)
  const copy = JSON.stringify({ ...texts.right, details })
  // three bytes a code unit is the most that UTF-8 takes: a short outcome needs no counting
  const size = copy.length * 3 <= limits.outcomeBytes ? copy.length : utf8Bytes(copy)
  if (size > limits.outcomeBytes) {
    const message = `${path} has ${size} bytes as JSON, over the limit of ${limits.outcomeBytes} bytes`
    return E.left(failure('LimitExceeded', message, { path, limit: limits.outcomeBytes, size }))
  }
  const kept: Pick<Outcome, 'details'> = JSON.parse(copy)
  return E.right((atMs) => ({
    ...texts.right,
    completedAtMs: completedAtMs.right ?? atMs,
    details: kept.details
  }))
}
