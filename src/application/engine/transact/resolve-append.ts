import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { Task } from 'fp-ts/Task'
import { nextRevision } from '../../../domain/expected-revision.ts'
import type { Append, StoreError } from '../../ports/event-store.ts'
import { lastRevision } from '../../ports/last-revision.ts'
import { timeLeft } from '../../ports/time-left.ts'
import type { Settings } from '../../settings.ts'
import { pause } from '../watch/back-off.ts'

/**
 * How an attempt ended. `doubted` tells that its outcome was unknown for a while, so that others may have written since; or
 * that it was written in another place, where a deleted stream went on.
 */
export type Resolution =
  | { readonly _tag: 'Written'; readonly doubted: boolean }
  | { readonly _tag: 'Conflict' }
  | { readonly _tag: 'NotWritten'; readonly error: StoreError }
  | { readonly _tag: 'InDoubt'; readonly error: StoreError }

/** Whether the stream holds the very events of an attempt where it would have put them. */
const holdsOurs = async (
  settings: Pick<Settings, 'store'>,
  append: Append,
  withinMs: number
): Promise<E.Either<StoreError, boolean>> => {
  const from = nextRevision(append.expected)
  const read = await settings.store.readStream(append.stream, 'forwards', from, append.events.length, withinMs)()
  return pipe(
    read,
    E.map((there) => append.events.every(({ id }, index) => there[index]?.id === id))
  )
}

/** The frozen attempt is tried again, until it is known what became of it or the deadline is over. */
const resolveDoubt = async (
  settings: Pick<Settings, 'store' | 'timer' | 'random'>,
  append: Append,
  deadlineAt: number,
  error: StoreError
): Promise<Resolution> => {
  let doubt = error
  for (let attempt = 0; settings.timer.monotonicMs() < deadlineAt; attempt++) {
    await pause(settings, attempt, deadlineAt)()
    const result = await settings.store.append(append, timeLeft(settings.timer, deadlineAt))()
    if (E.isRight(result)) return { _tag: 'Written', doubted: true }
    const failed = result.left
    if (failed._tag === 'OutcomeUnknown') {
      doubt = failed.error
      continue
    }
    // this try wrote nothing; an earlier one may have, and the stream tells
    const ours = await holdsOurs(settings, append, timeLeft(settings.timer, deadlineAt))
    if (E.isRight(ours) && ours.right) return { _tag: 'Written', doubted: true }
    if (E.isRight(ours) && failed._tag === 'WrongExpectedRevision') return { _tag: 'Conflict' }
    if (E.isLeft(ours)) doubt = ours.left
  }
  return { _tag: 'InDoubt', error: doubt }
}

/**
 * Appends, and resolves an unknown outcome (SPEC section 6): the frozen attempt is tried again with the same ids,
 * events and expected revision; success, or a refusal by a store whose stream holds our ids, is our write. `InDoubt`
 * only when that fails until the deadline. The one place where an append is repeated as it is.
 */
export const resolveAppend =
  (settings: Pick<Settings, 'store' | 'timer' | 'random'>) =>
  (append: Append, deadlineAt: number): Task<Resolution> =>
  () =>
    // no `await`, as wherever every append comes through: only a doubt is worth a frame
    settings.store
      .append(append, timeLeft(settings.timer, deadlineAt))()
      .then((result) => {
        if (E.isRight(result)) return { _tag: 'Written', doubted: result.right.revision !== lastRevision(append) }
        const failed = result.left
        if (failed._tag === 'WrongExpectedRevision') return { _tag: 'Conflict' }
        return failed._tag === 'NotWritten' ? failed : resolveDoubt(settings, append, deadlineAt, failed.error)
      })
