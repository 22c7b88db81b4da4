import * as E from 'fp-ts/Either'
import { failure } from '../../domain/failure.ts'
import type { Instant } from '../../domain/instant.ts'
import { type Json, jsonFault } from '../../domain/json.ts'
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

type Texts = { readonly [F in (typeof fields)[number]]?: string }

type Unfinished = { -readonly [F in keyof Outcome]?: Outcome[F] }

/** Its kind and references. They have no limit of their own: the outcome has one as a whole. */
const textsOf = (input: OutcomeInput, path: string): Parsed<Texts> => {
  const texts: { -readonly [F in keyof Texts]: Texts[F] } = {}
  for (const field of fields) {
    const value: unknown = input[field]
    if (value === undefined && field !== 'outcomeKind') continue
    if (typeof value !== 'string') return refused(`${path}.${field} must be a string`, `${path}.${field}`)
    texts[field] = ownText(value)
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

const isWellFormed = (texts: Texts): boolean => fields.every((field) => texts[field]?.isWellFormed() ?? true)

/** More than the names, quotes and braces of an outcome's JSON take. */
const frameBytes = 200

/** UTF-8 takes three bytes a code unit at most, and JSON six where it escapes one: a short outcome needs no counting. */
const isShort = (texts: Texts, detailsText: string, limit: number): boolean => {
  let units = detailsText.length
  for (const field of fields) units += 2 * (texts[field]?.length ?? 0)
  return frameBytes + 3 * units <= limit
}

/** An outcome: JSON throughout, within the limits, and a copy that the caller cannot change afterwards. */
export const outcome = (limits: Limits, input: OutcomeInput, path = '$.outcome'): Parsed<ParsedOutcome> => {
  if (!isMembers(input)) return refused(`${path} must be an outcome`, path)
  const texts = textsOf(input, path)
  if (E.isLeft(texts)) return texts
  const completedAtMs = optionalInstant(`${path}.completedAtMs`, input.completedAtMs)
  if (E.isLeft(completedAtMs)) return completedAtMs
  const { details = null } = input
  const fault =
    jsonFault(details, `${path}.details`, limits.detailsDepth) ??
    (isWellFormed(texts.right) ? undefined : jsonFault(texts.right, path))
  if (fault !== undefined) return E.left(fault)
  const text = JSON.stringify(details)
  const kept: Json = JSON.parse(text)
  if (!isShort(texts.right, text, limits.outcomeBytes)) {
    const size = utf8Bytes(JSON.stringify(outcomeOf(texts.right, kept)))
    if (size > limits.outcomeBytes) {
      const message = `${path} has ${size} bytes as JSON, over the limit of ${limits.outcomeBytes} bytes`
      return E.left(failure('LimitExceeded', message, { path, limit: limits.outcomeBytes, size }))
    }
  }
  // all that is required of it is there
  return E.right((atMs) => outcomeOf(texts.right, kept, completedAtMs.right ?? atMs) as Outcome)
}
