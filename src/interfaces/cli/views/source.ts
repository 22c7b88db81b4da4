import type { ViewMoment } from '../../../application/projections/walk.ts'
import type { JsonObject } from '../../../domain/json.ts'
import { counted } from '../terminal/counted.ts'

/** Where an answer was read from: views, as they stood, or a scan of the log, and why it took one. */
export type Source =
  | { readonly _tag: 'Views'; readonly moments: ReadonlyArray<ViewMoment> }
  | { readonly _tag: 'Scan'; readonly because: string }

const momentJson = ({ view, events, behind, skippedEvents }: ViewMoment): JsonObject => ({
  view,
  events,
  events_behind: behind.events,
  more_behind: behind.isMore,
  seconds_behind: behind.seconds,
  skipped_events: skippedEvents
})

/** For the JSON document. */
export const sourceJson = (source: Source): JsonObject =>
  source._tag === 'Views'
    ? { source: 'views', views: source.moments.map(momentJson) }
    : { source: 'scan', scanned_because: source.because }

const momentLine = ({ view, behind: { events, isMore, seconds }, skippedEvents }: ViewMoment): string => {
  const behind =
    events === 0
      ? 'up to date'
      : `${isMore ? 'more than ' : ''}${counted(events, 'event')} and ${seconds} s behind the log`
  const skipped = skippedEvents === 0 ? '' : `, with ${counted(skippedEvents, 'event')} left out by operators`
  return `read from the view ${view}: ${behind}${skipped}`
}

/** For people, on stderr. */
export const sourceLines = (source: Source): ReadonlyArray<string> =>
  source._tag === 'Views' ? source.moments.map(momentLine) : [`read by a scan of the log: ${source.because}`]
