import * as E from 'fp-ts/Either'
import { failure } from '../../domain/failure.ts'
import type { Instant } from '../../domain/instant.ts'
import type { Json } from '../../domain/json.ts'
import type { Outcome } from '../../domain/outcome.ts'
import { ownText } from '../../domain/own-text.ts'
import { mismatch, type Parsed, refused } from '../../domain/parsing/parsed.ts'
import { isMembers, optionalInstant, string } from '../../domain/parsing/values.ts'
import { takenJson } from '../../domain/taken-json.ts'
import { utf8Bytes } from '../../domain/text.ts'
import type { Limits } from '../settings.ts'
import { outcomeMembers } from './members.ts'
import type { OutcomeInput } from './requests.ts'

/** An outcome but for its time, which is the command's where the caller gives none. */
export type ParsedOutcome = (atMs: Instant) => Outcome

const fields = ['outcomeKind', 'primaryRefKind', 'primaryRefId', 'secondaryRefKind', 'secondaryRefId'] as const

type Texts = { readonly [F in (typeof fields)[number]]?: string }

type Unfinished = { -readonly [F in keyof Outcome]?: Outcome[F] }

/** Its kind and references. They have no limit of their own: the outcome has one as a whole. */
const textsOf = (input: OutcomeInput, path: string): Parsed<Texts> => {
  const texts: { -readonly [F in keyof Texts]: Texts[F] } = {}
  for (const field of fields) {
    const value: unknown = input[field]
    if (value === undefined && field !== 'outcomeKind') continue
    const at = `${path}.${field}`
    const parsed = string(at, value)
    if (E.isLeft(parsed)) return parsed
    if (!parsed.right.isWellFormed()) return refused(`${at} holds a lone surrogate`, at)
    texts[field] = ownText(parsed.right)
  }
  return E.right(texts)
}

/**
 * Its members in their order, those that are absent left out. Set one by one: a spread of what may or may not be there took as
 * long as its JSON, for every complete.
 */
const outcomeOf = (texts: Texts, details: Json, completedAtMs?: Instant): Unfinished => {
  const made: Unfinished = { outcomeKind: texts.outcomeKind ?? '' }
  if (texts.primaryRefKind !== undefined) made.primaryRefKind = texts.primaryRefKind
  if (texts.primaryRefId !== undefined) made.primaryRefId = texts.primaryRefId
  if (texts.secondaryRefKind !== undefined) made.secondaryRefKind = texts.secondaryRefKind
  if (texts.secondaryRefId !== undefined) made.secondaryRefId = texts.secondaryRefId
  if (completedAtMs !== undefined) made.completedAtMs = completedAtMs
  made.details = details
  return made
}

/** Where there are more values than bytes, nobody has to count the bytes. */
const takenDetails = ({ detailsDepth, outcomeBytes }: Limits, details: unknown, path: string): Parsed<Json> => {
  const taken = takenJson(details, `${path}.details`, { maxDepth: detailsDepth, maxValues: outcomeBytes })
  return E.isLeft(taken) ? taken : E.right(taken.right ?? null)
}

/** An outcome but for its time, and what of it counts against the limit, as JSON. */
export type OutcomeText = { readonly at: ParsedOutcome; readonly details: Json; readonly text: string }

/** An outcome: JSON throughout, within the limits, and a copy that the caller cannot change afterwards. */
export const outcomeText = (limits: Limits, input: OutcomeInput, path = '$.outcome'): Parsed<OutcomeText> => {
  if (!isMembers(input)) return mismatch(path, 'must be an object with an outcomeKind', input)
  const known = outcomeMembers(path, input)
  if (E.isLeft(known)) return known
  const texts = textsOf(input, path)
  if (E.isLeft(texts)) return texts
  const completedAtMs = optionalInstant(`${path}.completedAtMs`, input.completedAtMs)
  if (E.isLeft(completedAtMs)) return completedAtMs
  const details = takenDetails(limits, input.details, path)
  if (E.isLeft(details)) return details
  const text = JSON.stringify(outcomeOf(texts.right, details.right))
  // three bytes a code unit is the most that UTF-8 takes: a short outcome needs no counting
  const size = text.length * 3 <= limits.outcomeBytes ? 0 : utf8Bytes(text)
  if (size > limits.outcomeBytes) {
    const message = `${path} has ${size} bytes as JSON, over the limit of ${limits.outcomeBytes} bytes`
    return E.left(failure('LimitExceeded', message, { path, limit: limits.outcomeBytes, size }))
  }
  // all that is required of it is there
  const at: ParsedOutcome = (atMs) => outcomeOf(texts.right, details.right, completedAtMs.right ?? atMs) as Outcome
  return E.right({ at, details: details.right, text })
}

/** The same, where nobody asks for its text. */
export const outcome = (limits: Limits, input: OutcomeInput, path?: string): Parsed<ParsedOutcome> => {
  const parsed = outcomeText(limits, input, path)
  return E.isLeft(parsed) ? parsed : E.right(parsed.right.at)
}
