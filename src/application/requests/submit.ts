import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Answers } from '../../domain/answers.ts'
import type { Command } from '../../domain/commands.ts'
import { type Failure, failure, invalidInput } from '../../domain/failure.ts'
import { type RecordId, recordIdOf } from '../../domain/identity.ts'
import { type Instant, latestInstant } from '../../domain/instant.ts'
import type { Tenant } from '../../domain/tenant.ts'
import type { Engine } from '../engine/engine.ts'
import { type Provenance, type Submission, weigh } from '../engine/submission.ts'
import type { Settings } from '../settings.ts'
import { allOf, optionalInstant, optionalText, type Parsed, tenant, trimmedFields } from './parse.ts'
import type { KeyInput, RequestContext } from './requests.ts'

/** A command that was parsed: where it goes, and what it says. */
export type Prepared<C extends Command> = { readonly recordId: RecordId; readonly submission: Submission<C> }

const provenanceOf = ({ limits }: Settings, request: RequestContext): Parsed<Provenance> => {
  const actor = optionalText(limits, '$.actor', request.actor)
  if (E.isLeft(actor)) return actor
  const correlationId = optionalText(limits, '$.correlationId', request.correlationId)
  if (E.isLeft(correlationId)) return correlationId
  const causationId = optionalText(limits, '$.causationId', request.causationId)
  if (E.isLeft(causationId)) return causationId
  return E.right({ actor: actor.right, correlationId: correlationId.right, causationId: causationId.right })
}

/** By its shape: a signal may come from another realm, as in a test runner. */
const isSignal = (given: unknown): given is AbortSignal =>
  typeof given === 'object' &&
  given !== null &&
  'aborted' in given &&
  'addEventListener' in given &&
  typeof given.aborted === 'boolean' &&
  typeof given.addEventListener === 'function'

export const signalOf = (given: unknown): Parsed<AbortSignal | undefined> =>
  given === undefined || isSignal(given)
    ? E.right(given)
    : E.left(invalidInput('$.signal must be an AbortSignal', '$.signal'))

/** Adds to a command what every request carries: time, context, signal. */
export const prepared = <C extends Command>(
  settings: Settings,
  recordId: RecordId,
  request: RequestContext,
  at: (atMs: Instant) => C,
  optimistic = false
): Parsed<Prepared<C>> => {
  const nowMs = optionalInstant('$.nowMs', request.nowMs)
  if (E.isLeft(nowMs)) return nowMs
  const provenance = provenanceOf(settings, request)
  if (E.isLeft(provenance)) return provenance
  const signal = signalOf(request.signal)
  if (E.isLeft(signal)) return signal
  let weighed: number | undefined
  const weight = (): number => {
    weighed ??= weigh([at(latestInstant), provenance.right, provenance.right])
    return weighed
  }
  return E.right({
    recordId,
    submission: { at, nowMs: nowMs.right, provenance: provenance.right, signal: signal.right, optimistic, weight }
  })
}

export type KeyFields = {
  readonly recordId: RecordId
  readonly tenant: Tenant
  readonly operation: string
  readonly key: string
}

/** The key of a request, trimmed and checked in the given order (SPEC section 2), and its record id. */
export const keyFields = (
  settings: Settings,
  input: KeyInput,
  order: ReadonlyArray<'key' | 'operation'>
): Parsed<KeyFields> =>
  pipe(
    allOf({
      fields: trimmedFields(settings.limits, input, order),
      tenant: tenant(settings.limits, input.tenant)
    }),
    E.map(({ fields, tenant: whose }) => ({
      recordId: recordIdOf(settings.identity.hash)(whose, fields.operation, fields.key),
      tenant: whose,
      operation: fields.operation,
      key: fields.key
    }))
  )

/** Reads what a caller gave; a getter or a proxy that throws there is the caller's fault. */
export const reading = <A>(path: string, parse: () => Parsed<A>): Parsed<A> => {
  try {
    return parse()
  } catch (cause) {
    return E.left(failure('InvalidInput', `${path} cannot be read`, { path, cause }))
  }
}

/** Parses a request that may be anything at all. */
export const parseRequest = <R, A>(
  settings: Settings,
  parse: (settings: Settings, request: R) => Parsed<A>,
  request: R
): Parsed<A> =>
  typeof request === 'object' && request !== null
    ? reading('$', () => parse(settings, request))
    : E.left(invalidInput('a request must be an object', '$'))

/** A use case: parses a request as it is when the task is run, and submits what it says. */
export const submitParsed =
  <R, C extends Command>(engine: Engine, parse: (settings: Settings, request: R) => Parsed<Prepared<C>>) =>
  (request: R): TaskEither<Failure, Answers[C['_tag']]> =>
    engine.admit(() => {
      const parsed = parseRequest(engine.settings, parse, request)
      if (E.isLeft(parsed)) return Promise.resolve(parsed)
      const { recordId, submission } = parsed.right
      return engine.submit(recordId, submission)()
    })
