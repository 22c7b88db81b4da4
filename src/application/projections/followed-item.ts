import { recordIdIn } from '../../domain/identity.ts'
import type { Followed } from '../stream/follow.ts'
import { entryOf } from '../use-cases/history.ts'
import type { Item } from './item.ts'

/** What a projection is fed with, out of what was read of the log. */
export const itemOf = (followed: Extract<Followed, { readonly _tag: 'Event' | 'Unreadable' }>): Item => {
  if (followed._tag === 'Event') {
    const { stream, position } = followed.decoded.recorded
    return { _tag: 'Event', recordId: recordIdIn(stream), position, entry: entryOf(followed.decoded) }
  }
  const { stream, revision, position, error } = followed.event
  const recordId = stream === undefined ? `position ${position}` : recordIdIn(stream)
  return { _tag: 'Unreadable', recordId, position, stream, revision, failure: error }
}
