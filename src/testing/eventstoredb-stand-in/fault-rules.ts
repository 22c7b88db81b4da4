import { rightOrThrow } from '../../composition/promises.ts'
import { optionsOf, type Rules } from '../../domain/parsing/having.ts'
import { keeping, oneOf, optional, type Parser } from '../../domain/parsing/parsed.ts'
import { func, isMembers, millis } from '../../domain/parsing/values.ts'
import type { Rpc } from './calls.ts'
import type { Fault, ScriptedFault, ServerError } from './faults.ts'

/** All that the stand-in can send; the type sees to it that none is forgotten. */
export const serverErrors: { readonly [error in ServerError]: true } = {
  timeout: true,
  slowConsumer: true,
  notReady: true,
  tooBusy: true,
  notLeader: true,
  noLeader: true,
  accessDenied: true,
  unauthenticated: true,
  streamDeleted: true,
  maxAppendSize: true,
  maxEventSize: true,
  invalidTransaction: true,
  missingMetadata: true,
  deadline: true,
  cancelled: true,
  unavailable: true,
  unimplemented: true,
  internal: true,
  unknown: true
}

const rpcs: { readonly [rpc in Rpc]: true } = {
  features: true,
  gossip: true,
  append: true,
  openBatch: true,
  batchAppend: true,
  read: true,
  subscribe: true,
  delete: true,
  tombstone: true
}

const isRpc = (value: unknown): boolean => typeof value === 'string' && Object.hasOwn(rpcs, value)

const isCount = (value: unknown): boolean => typeof value === 'number' && Number.isSafeInteger(value) && value > 0

const count = keeping(isCount, 'must be a whole number above 0')

/** One of some words, or an object with members of its own. */
const wordOr = (words: Parser<unknown>, ofObject: (value: object) => Parser<unknown>): Parser<unknown> => {
  return (path, value, name) => (isMembers(value) ? ofObject(value) : words)(path, value, name)
}

const delay = optionsOf({ delayMs: millis })
const error = optionsOf({ error: oneOf(...Object.keys(serverErrors)) })

const rules: Rules = {
  when: optional(wordOr(oneOf('before', 'after'), () => optionsOf({ events: count }))),
  do: wordOr(oneOf('drop', 'freeze', 'hang'), (action) => ('delayMs' in action ? delay : error))
}

const scripted = optionsOf({
  ...rules,
  rpc: optional(
    keeping(
      (value) => (Array.isArray(value) ? value.length > 0 && value.every(isRpc) : isRpc(value)),
      `must be one or more of ${Object.keys(rpcs).join(', ')}`
    )
  ),
  for: optional(func),
  times: optional(count)
})

const decided = optionsOf(rules, 'path', ['rpc', 'for', 'times'])

/** A fault for some calls; throws a `KeyfoldError` where it could never strike, or is none. */
export const checkScripted = (fault: ScriptedFault): void => void rightOrThrow(scripted('$', fault))

/** What a test decided of one call; throws a `KeyfoldError` where that is no fault. */
export const checkDecided = (fault: Fault | undefined): Fault | undefined => {
  if (fault !== undefined) rightOrThrow(decided('$', fault))
  return fault
}

export const checkDecider = (decide: unknown): void => void rightOrThrow(func('decide', decide))
