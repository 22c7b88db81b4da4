import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { TaskEither } from 'fp-ts/TaskEither'
import { type Failure, failure } from '../../domain/failure.ts'
import { noOthers } from '../../domain/parsing/known-members.ts'
import { allOf, type Parsed } from '../../domain/parsing/parsed.ts'
import { func } from '../../domain/parsing/values.ts'
import { aborted } from '../engine/submission.ts'
import { parseRequest } from '../requests/parse-request.ts'
import { signal } from '../requests/signal.ts'
import type { Settings } from '../settings.ts'
import { scanEvents } from '../stream/scan-events.ts'
import { type EventFilter, type EventScan, eventFilterNames, parseEventFilter } from './event-filter.ts'
import { entryOf, type HistoryEntry } from './history.ts'

/** Which events to hand over, and to whom. */
export type EventsRequest = EventFilter & {
  /**
   * Takes events, oldest first, some at a time and never none; the next are read once what it gives is settled. Where
   * that is `false` it has enough. One that throws ends the scan: `Aborted`.
   */
  readonly onEvents: (entries: ReadonlyArray<HistoryEntry>) => unknown
  /** Gives up before the next events are handed over: `Aborted`. */
  readonly signal?: AbortSignal | undefined
}

/** How many events were handed over, and whether those were all. */
export type EventsRead = {
  /** How many events were handed over. */
  readonly events: number
  /** `done`: all that fit; `enough`: whoever took them wanted no more. */
  readonly ended: 'done' | 'enough'
}

const enough = failure('Aborted', 'whoever takes the events has enough')

type Reading = { readonly scan: EventScan; readonly signal: AbortSignal | undefined }

const members = noOthers<EventsRequest>({ ...eventFilterNames, onEvents: true, signal: true })

const parseEvents = (settings: Settings, request: EventsRequest): Parsed<Reading & Pick<EventsRequest, 'onEvents'>> => {
  const { onEvents } = request
  return pipe(
    allOf({
      scan: parseEventFilter(settings, request),
      listener: func('$.onEvents', onEvents),
      signal: signal('$.signal', request.signal)
    }),
    E.map(({ scan, signal: given }) => ({ scan, signal: given, onEvents }))
  )
}

/** The events of all keys that fit, oldest first, handed over page by page. A plain scan of the log, in flat memory. */
export const events =
  (settings: Settings) =>
  (request: EventsRequest): TaskEither<Failure, EventsRead> =>
  async () => {
    const parsed = parseRequest(settings, parseEvents, request, members)
    if (E.isLeft(parsed)) return parsed
    const { scan, signal: stop, onEvents } = parsed.right
    let handed = 0
    const ended = await scanEvents(settings, scan, scan.byKey, async (seen) => {
      if (stop?.aborted === true) return aborted
      const fitting = seen.filter((one) => scan.isInTime(one) && scan.isOfKey(one))
      if (fitting.length === 0) return undefined
      handed += fitting.length
      return (await onEvents(fitting.map(entryOf))) === false ? enough : undefined
    })
    if (ended === undefined) return E.right({ events: handed, ended: 'done' })
    return ended === enough ? E.right({ events: handed, ended: 'enough' }) : E.left(ended)
  }
