import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { Complete, CompleteByKey, CompleteByOperator } from '../../domain/commands.ts'
import { allOf, type Parsed } from '../../domain/parsing/parsed.ts'
import type { Settings } from '../settings.ts'
import { claim } from './claim.ts'
import { holderOf } from './holder.ts'
import { keyFields } from './key-fields.ts'
import { outcome } from './outcome.ts'
import { operatorFields } from './parse-operator.ts'
import { type Prepared, prepared } from './prepared.ts'
import type { CompleteByKeyRequest, CompleteByOperatorRequest, CompleteRequest } from './requests.ts'
import { retentionOf } from './retention.ts'

export const parseComplete = (settings: Settings, request: CompleteRequest): Parsed<Prepared<Complete>> => {
  const held = claim(settings.limits, request.claim)
  if (E.isLeft(held)) return held
  const at = outcome(settings.limits, request.outcome)
  if (E.isLeft(at)) return at
  const retention = retentionOf(request)
  if (E.isLeft(retention)) return retention
  const { recordId } = held.right
  const holder = holderOf(settings, held.right)
  return prepared(settings, recordId, request, (atMs) => ({
    _tag: 'Complete',
    atMs,
    holder,
    outcome: at.right(atMs),
    expiresAtMs: retention.right.expiresAtMs,
    retentionMs: retention.right.retentionMs
  }))
}

export const parseCompleteByKey = (
  settings: Settings,
  request: CompleteByKeyRequest
): Parsed<Prepared<CompleteByKey>> =>
  pipe(
    allOf({
      key: keyFields(settings, request, ['operation', 'key']),
      outcome: outcome(settings.limits, request.outcome)
    }),
    E.flatMap(({ key: { recordId }, outcome: at }) =>
      prepared(settings, recordId, request, (atMs) => ({ _tag: 'CompleteByKey', atMs, outcome: at(atMs) }))
    )
  )

export const parseCompleteByOperator = (
  settings: Settings,
  request: CompleteByOperatorRequest
): Parsed<Prepared<CompleteByOperator>> =>
  pipe(
    allOf({ operator: operatorFields(settings, request), outcome: outcome(settings.limits, request.outcome) }),
    E.flatMap(({ operator: { recordId, note }, outcome: at }) =>
      prepared(settings, recordId, request, (atMs) => ({
        _tag: 'CompleteByOperator',
        atMs,
        outcome: at(atMs),
        note
      }))
    )
  )
