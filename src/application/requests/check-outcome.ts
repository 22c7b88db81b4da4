import * as E from 'fp-ts/Either'
import type { Json } from '../../domain/json.ts'
import type { Parsed } from '../../domain/parsing/parsed.ts'
import { utf8Bytes } from '../../domain/text.ts'
import type { Settings } from '../settings.ts'
import { checkedMembers } from './members.ts'
import { outcomeText } from './outcome.ts'
import { parseRequest } from './parse-request.ts'
import type { OutcomeInput } from './requests.ts'

/** An outcome that `complete` would take, as far as it can be told before. */
export type CheckedOutcome = {
  /** What would be stored of `details`, as JSON has it. */
  readonly details: Json
  /** How many bytes of UTF-8 the outcome has as JSON. */
  readonly bytes: number
  /** How many it may have: the ledger's `limits.outcomeBytes`. */
  readonly limitBytes: number
}

/** An outcome of which not all is known yet: its kind may be told later. */
export type OutcomeToCheck = Partial<OutcomeInput>

const parse = ({ limits }: Settings, input: OutcomeToCheck): Parsed<CheckedOutcome> => {
  const { outcomeKind = '' } = input
  const { completedAtMs, primaryRefKind, primaryRefId, secondaryRefKind, secondaryRefId, details } = input
  const references = { primaryRefKind, primaryRefId, secondaryRefKind, secondaryRefId }
  const parsed = outcomeText(limits, { outcomeKind, completedAtMs, ...references, details })
  if (E.isLeft(parsed)) return parsed
  const { text, details: taken } = parsed.right
  return E.right({ details: taken, bytes: utf8Bytes(text), limitBytes: limits.outcomeBytes })
}

/**
 * Says what `complete` would say of an outcome, before there is an effect to complete: asks no store, and writes nothing.
 * It takes no members but those of an outcome, of which each may be missing, its kind too: details stand under `details`.
 * What cannot be JSON is `InvalidInput` with its path; too deep, or too large, `LimitExceeded` with limit and size.
 */
export const checkOutcome =
  (settings: Settings) =>
  (outcome: OutcomeToCheck): Parsed<CheckedOutcome> =>
    parseRequest(settings, parse, outcome, checkedMembers)
