import * as E from 'fp-ts/Either'
import type { Command } from '../../domain/commands.ts'
import type { RecordId } from '../../domain/identity.ts'
import { type Instant, latestInstant } from '../../domain/instant.ts'
import type { Parsed } from '../../domain/parsing/parsed.ts'
import { optionalInstant } from '../../domain/parsing/values.ts'
import { type Submission, weigh } from '../engine/submission.ts'
import type { Limits, Settings } from '../settings.ts'
import type { RequestContext } from './requests.ts'
import { signal } from './signal.ts'
import { optionalText } from './text.ts'

/** A command that was parsed: where it goes, and what it says. */
export type Prepared<C extends Command> = { readonly recordId: RecordId; readonly submission: Submission<C> }

const provenanceOf = (limits: Limits, request: RequestContext): Parsed<Submission['provenance']> => {
  const actor = optionalText(limits, '$.actor', request.actor)
  if (E.isLeft(actor)) return actor
  const correlationId = optionalText(limits, '$.correlationId', request.correlationId)
  if (E.isLeft(correlationId)) return correlationId
  const causationId = optionalText(limits, '$.causationId', request.causationId)
  if (E.isLeft(causationId)) return causationId
  return E.right({ actor: actor.right, correlationId: correlationId.right, causationId: causationId.right })
}

/** Adds to a command what every request carries: time, context, signal. */
export const prepared = <C extends Command>(
  { limits }: Settings,
  recordId: RecordId,
  request: RequestContext,
  at: (atMs: Instant) => C,
  optimistic = false
): Parsed<Prepared<C>> => {
  const nowMs = optionalInstant('$.nowMs', request.nowMs)
  if (E.isLeft(nowMs)) return nowMs
  const provenance = provenanceOf(limits, request)
  if (E.isLeft(provenance)) return provenance
  const givesUp = signal('$.signal', request.signal)
  if (E.isLeft(givesUp)) return givesUp
  let weighed: number | undefined
  const weight = (): number => {
    weighed ??= weigh([at(latestInstant), provenance.right, provenance.right])
    return weighed
  }
  return E.right({
    recordId,
    submission: { at, nowMs: nowMs.right, provenance: provenance.right, signal: givesUp.right, optimistic, weight }
  })
}
