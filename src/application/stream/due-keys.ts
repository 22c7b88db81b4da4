import * as E from 'fp-ts/Either'
import { mayBeDue } from '../../domain/due-sighting.ts'
import { keyStream, type RecordId, recordIdIn } from '../../domain/identity.ts'
import type { Instant } from '../../domain/instant.ts'
import type { DueKeys, UnreadableKey } from '../ports/due-keys.ts'
import type { LogPage } from '../ports/event-store.ts'
import type { Settings } from '../settings.ts'
import { decodeRecorded } from './event-text.ts'
import { walkLog } from './walk-log.ts'

/** So many keys that may be due are held at most; then they are handed on, ended further on in the log or not. */
const mostHeld = 10_000

/** What a page of the log adds to the keys that may be due. */
const gatheredFrom = (settings: Settings, now: Instant, held: Set<RecordId>, page: LogPage) => {
  const isKeyStream = keyStream(settings.category)
  const unreadable = new Map<string, UnreadableKey>()
  const decode = decodeRecorded(settings.sha256)
  for (const recorded of page.events) {
    if (!isKeyStream(recorded.stream)) continue
    // a key's stream is named for its record id
    const recordId = recordIdIn(recorded.stream) as RecordId
    const decoded = decode(recorded)
    if (E.isLeft(decoded)) {
      unreadable.set(recordId, { recordId, failure: decoded.left })
      continue
    }
    const due = mayBeDue(decoded.right.event, now)
    if (due === true) held.add(recordId)
    if (due === false) held.delete(recordId)
  }
  for (const { position, stream = `position ${position}`, error } of page.unreadable ?? []) {
    unreadable.set(stream, { recordId: recordIdIn(stream), failure: error })
  }
  return [...unreadable.values()]
}

/**
 * The keys that may be due by a scan of the log. Its memory is bounded, whatever the log holds: of a key that is ended
 * further on than `mostHeld` other keys reach, the sweeper finds out by itself.
 */
export const dueKeysInLog =
  (settings: Settings): DueKeys =>
  async (now, take) => {
    const held = new Set<RecordId>()
    const handOn = (): ReadonlyArray<RecordId> => {
      const due = [...held]
      held.clear()
      return due
    }
    // a log that is behind only hides what the next sweep finds
    await settings.store.confirmCurrent?.()()
    return walkLog(settings, 'start', async (page) => {
      const unreadable = gatheredFrom(settings, now, held, page)
      const due = page.atEnd || held.size >= mostHeld ? handOn() : []
      return take({ due, unreadable, events: page.events.length })
    })
  }
