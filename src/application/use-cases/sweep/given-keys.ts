import { failure, invalidInput } from '../../../domain/failure.ts'
import { RecordId } from '../../../domain/identity.ts'
import type { DueKeys } from '../../ports/due-keys.ts'

/** So many are handed on at a time. */
const mostAtOnce = 1000

/** Keys that a caller names as those that may be due, at the sweeper's pace. */
export const givenKeys =
  (recordIds: AsyncIterable<string>): DueKeys =>
  async (_, take) => {
    let due: Array<RecordId> = []
    const handOn = () => {
      const some = due
      due = []
      return take({ due: some, unreadable: [], events: 0 })
    }
    try {
      for await (const recordId of recordIds) {
        if (!RecordId.is(recordId)) return invalidInput('$.dueKeys gave what is no record id', '$.dueKeys')
        due.push(recordId)
        const ended = due.length < mostAtOnce ? undefined : await handOn()
        if (ended !== undefined) return ended
      }
    } catch (cause) {
      return failure('Aborted', 'what names the due keys threw', { cause })
    }
    return handOn()
  }
