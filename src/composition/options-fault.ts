import type { Limits } from '../application/settings.ts'
import type { Failure } from '../domain/failure.ts'
import { Millis } from '../domain/instant.ts'
import { having, optionsOf } from '../domain/parsing/having.ts'
import { both, faultOf, keeping, oneOf, optional, type Parser } from '../domain/parsing/parsed.ts'
import { reading } from '../domain/parsing/reading.ts'
import { bool, func, isFunction, isMembers, millis } from '../domain/parsing/values.ts'
import { category } from './category.ts'
import { identitySecret } from './identity.ts'

/** Deeper details could not be compared any more: canonical JSON goes 1,000 levels down, outcome and all. */
const deepest = 999

const isSize = (value: unknown): boolean => Millis.is(value) && value > 0

/** Something with these functions, be they its own or its prototype's. */
const offers =
  (...names: ReadonlyArray<string>) =>
  (value: unknown): boolean =>
    isMembers(value) && names.every((name) => isFunction(value[name]))

const isStore = offers('append', 'readStream', 'readAll', 'subscribe', 'dispose')

const store = both(
  keeping(isStore, 'must be an event store'),
  having({
    appendAtomically: optional(func),
    isRemoved: optional(func),
    confirmCurrent: optional(func),
    continuesAfterDelete: optional(bool),
    maxAppendBytes: optional(keeping(isSize, 'must be a whole number above 0'))
  })
)

const count = optional(keeping(Millis.is, 'must be a whole number from 0 on'))

const limitRules: { readonly [limit in keyof Limits]: Parser<unknown> } = {
  fieldBytes: count,
  outcomeBytes: count,
  detailsDepth: both(
    count,
    keeping((value) => value === undefined || Number(value) <= deepest, `can be ${deepest} at most`)
  )
}

/** One mistyped would be a limit silently left out. */
const limits = optionsOf(limitRules)

const options = both(
  keeping(isMembers, 'must be the options of a ledger'),
  optionsOf({
    store,
    clock: optional(func),
    chance: optional(keeping(offers('uuid', 'fraction'), 'must have the functions uuid and fraction')),
    timer: optional(keeping(offers('monotonicMs', 'sleep'), 'must have the functions monotonicMs and sleep')),
    category: optional(category),
    identity: optional(optionsOf({ secret: identitySecret })),
    policy: optional(
      optionsOf({
        reuseAfterExpiry: optional(oneOf('allow', 'reject')),
        takeover: optional(oneOf('allow', 'refuse')),
        clockSkewMs: optional(millis)
      })
    ),
    recording: optional(oneOf('record', 'coalesce', 'ignore')),
    coalesceMs: optional(millis),
    deadlineMs: optional(millis),
    limits: optional(limits)
  })
)

/** What makes no sense in the options of a ledger, whoever gave them. */
export const optionsFault = (given: unknown): Failure | undefined => faultOf(options('$', given))

/** Why something is no event store, whoever gave it. */
export const storeFault = (given: unknown): Failure | undefined =>
  faultOf(reading('$', () => store('$', given, 'the store')))
