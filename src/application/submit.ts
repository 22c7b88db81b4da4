import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Answers } from '../domain/answers.ts'
import type { Command } from '../domain/commands.ts'
import { type Failure, invalidInput } from '../domain/failure.ts'
import { type RecordId, recordIdOf } from '../domain/identity.ts'
import type { Instant } from '../domain/instant.ts'
import { allOf, optionalInstant, optionalText, type Parsed, tenant, trimmedFields } from '../domain/parse.ts'
import type { KeyInput, RequestContext } from '../domain/requests.ts'
import type { Tenant } from '../domain/tenant.ts'
import type { Context } from './attempt.ts'
import type { Engine } from './engine.ts'
import type { Settings } from './settings.ts'
import type { Submission } from './submission.ts'

/** A command that was parsed: where it goes, and what it says. */
export type Prepared<C extends Command> = { readonly recordId: RecordId; readonly submission: Submission<C> }

/** About what the events of a command without an outcome take. */
const baseWeight = 512

const contextOf = (settings: Settings, request: RequestContext): Parsed<Context> =>
  pipe(
    allOf({
      actor: optionalText(settings.limits, '$.actor', request.actor),
      correlationId: optionalText(settings.limits, '$.correlationId', request.correlationId),
      causationId: optionalText(settings.limits, '$.causationId', request.causationId)
    }),
    E.map(({ actor, correlationId, causationId }) => ({
      ...(actor === undefined ? {} : { actor }),
      ...(correlationId === undefined ? {} : { correlationId }),
      ...(causationId === undefined ? {} : { causationId })
    }))
  )

/** Adds to a command what every request carries: time, context, signal. */
export const prepared = <C extends Command>(
  settings: Settings,
  recordId: RecordId,
  request: RequestContext,
  at: (atMs: Instant) => C,
  extra: { readonly firstTry?: boolean; readonly bytes?: number } = {}
): Parsed<Prepared<C>> =>
  pipe(
    allOf({ nowMs: optionalInstant('$.nowMs', request.nowMs), context: contextOf(settings, request) }),
    E.map(({ nowMs, context }) => ({
      recordId,
      submission: {
        at,
        nowMs,
        context,
        signal: request.signal,
        firstTry: extra.firstTry ?? false,
        weight: baseWeight + (extra.bytes ?? 0)
      }
    }))
  )

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
      recordId: recordIdOf(settings.sha256)(whose, fields.operation, fields.key),
      tenant: whose,
      operation: fields.operation,
      key: fields.key
    }))
  )

const isRequest = (request: unknown): boolean => typeof request === 'object' && request !== null

/** A use case: parses a request, and submits what it says. Each run of the task is a request of its own. */
export const submitParsed =
  <R, C extends Command>(engine: Engine, parse: (settings: Settings, request: R) => Parsed<Prepared<C>>) =>
  (request: R): TaskEither<Failure, Answers[C['_tag']]> =>
  async () => {
    if (!isRequest(request)) return E.left(invalidInput('a request must be an object', '$'))
    const parsed = parse(engine.settings, request)
    return E.isLeft(parsed) ? parsed : engine.submit(parsed.right.recordId, parsed.right.submission)()
  }
