import { performance } from 'node:perf_hooks'
import * as E from 'fp-ts/Either'
import type { Append, Appended, AppendFailure } from '../../../application/ports/event-store.ts'
import { nextRevision } from '../../../domain/expected-revision.ts'
import type { Context } from '../client/client.ts'
import { readStream } from '../read/read-stream.ts'

/**
 * Finds out whether an append stands in its stream. Where it does not, that is a conflict with whoever deleted it: the
 * caller reads and decides again.
 */
export const readBack = async (
  context: Context,
  { stream, expected, events }: Append
): Promise<E.Either<AppendFailure, Appended>> => {
  const endsAt = performance.now() + context.deadlineMs
  const from = nextRevision(expected)
  const there = await readStream(context)(stream, 'forwards', from, events.length)()
  if (E.isLeft(there)) return E.left({ _tag: 'OutcomeUnknown', error: there.left })
  const last = there.right.at(-1)
  if (last && events.every(({ id }, index) => there.right[index]?.id === id))
    return E.right({ revision: last.revision })
  const tail = await readStream(context)(stream, 'backwards', 'end', 1, endsAt - performance.now())()
  return E.isLeft(tail)
    ? E.left({ _tag: 'OutcomeUnknown', error: tail.left })
    : E.left({ _tag: 'WrongExpectedRevision', actual: tail.right[0]?.revision ?? 'noStream' })
}
