import { constVoid } from 'fp-ts/function'
import { type Failure, failure, invalidInput } from '../../../domain/failure.ts'
import { RecordId } from '../../../domain/identity.ts'
import { abortWatch } from '../../ports/abort-watch.ts'
import type { DueKeys } from '../../ports/due-keys.ts'
import type { Timer } from '../../ports/timer.ts'

/** So many are handed on at a time. */
const mostAtOnce = 1000

/** So long a name waits for others at most, ms: what names keys as they come due may rest for hours. */
const longestWaitMs = 1000

/** The names one by one; undefined where somebody does not want to wait any longer. */
const wakeable = (recordIds: AsyncIterable<string>) => {
  let iterator: AsyncIterator<string> | undefined
  let wake = constVoid
  let pending: Promise<IteratorResult<string>> | undefined
  return {
    next: async (): Promise<IteratorResult<string> | undefined> => {
      iterator ??= recordIds[Symbol.asyncIterator]()
      pending ??= Promise.resolve(iterator.next())
      const asked = pending
      const next = await new Promise<IteratorResult<string> | undefined>((resolve, reject) => {
        wake = () => resolve(undefined)
        asked.then(resolve, reject)
      })
      if (next !== undefined) pending = undefined
      return next
    },
    wake: (): void => wake(),
    close: async (): Promise<void> => {
      const closed = Promise.resolve(iterator?.return?.())
      // one that waits for something else would hear of it only after that
      if (pending === undefined) await closed
      else closed.catch(constVoid)
    }
  }
}

/** Keys that a caller names as those that may be due, at the sweeper's pace. What waits for more of them ends by its signal. */
export const givenKeys =
  (recordIds: AsyncIterable<string>, timer: Timer, signal: AbortSignal | undefined): DueKeys =>
  async (_, take) => {
    let due: Array<RecordId> = []
    let isLate = false
    let waiting = new AbortController()
    const handOn = () => {
      const some = due
      due = []
      isLate = false
      waiting.abort()
      return take({ due: some, unreadable: [], events: 0 })
    }
    const names = wakeable(recordIds)
    const whenLate = (): void => {
      isLate = true
      names.wake()
    }
    const hold = (recordId: RecordId): void => {
      due.push(recordId)
      if (due.length > 1) return
      waiting = new AbortController()
      const { signal: over } = waiting
      void timer
        .sleep(longestWaitMs, over)()
        .then(() => over.aborted || whenLate(), constVoid)
    }
    const unwatch = signal && abortWatch()(signal, names.wake)
    try {
      let ended: Failure | undefined
      let isDone = false
      while (ended === undefined && !isDone && signal?.aborted !== true) {
        if (due.length >= mostAtOnce || isLate) {
          ended = await handOn()
          continue
        }
        const next = await names.next()
        if (next?.done === true) isDone = true
        else if (next !== undefined && RecordId.is(next.value)) hold(next.value)
        else if (next !== undefined) ended = invalidInput('$.dueKeys gave what is no record id', '$.dueKeys')
      }
      if (!isDone) await names.close()
      if (ended !== undefined) return ended
    } catch (cause) {
      return failure('Aborted', 'what names the due keys threw', { cause })
    } finally {
      unwatch?.()
      waiting.abort()
    }
    return handOn()
  }
