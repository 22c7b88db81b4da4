import * as E from 'fp-ts/Either'
import { constFalse } from 'fp-ts/function'
import type { TaskEither } from 'fp-ts/TaskEither'
import { whatIf as replaying } from '../../../../domain/audit/what-if/what-if.ts'
import { type Failure, failure } from '../../../../domain/failure.ts'
import { recordIdIn } from '../../../../domain/identity.ts'
import { aborted, givenUp } from '../../../engine/submission.ts'
import { parseRequest } from '../../../requests/parse-request.ts'
import type { Settings } from '../../../settings.ts'
import type { DecodedEvent } from '../../../stream/event-text.ts'
import { unread } from '../../../stream/following-streams.ts'
import { foldHistory } from '../../../stream/read-history.ts'
import type { UnreadableStream } from '../../../stream/scan.ts'
import { walkLog } from '../../../stream/walk-log.ts'
import { datedEvent } from '../dated.ts'
import { inParallel } from '../in-parallel.ts'
import { type Beginning, beginningsOn, beginsThere } from './beginnings.ts'
import {
  type KeyDifference,
  type Options,
  parseOptions,
  type WhatIf,
  type WhatIfOptions,
  whatIfMembers
} from './options.ts'

/** How many are held of what is found; the others are counted. */
const maxHeld = 1000

/** How many streams are replayed at once. */
const parallel = 8

/** Gathers what the replay of one stream after another comes to. */
const gathering = (settings: Settings, { other, onDifference, signal }: Options) => {
  const differences: Array<KeyDifference> = []
  const unreadable: Array<UnreadableStream> = []
  const total = { keys: 0, requests: 0, merged: 0, differing: 0, unreadableCount: 0 }
  const stopped = givenUp(signal)
  const replay = async (stream: string, isOver = constFalse): Promise<Failure | undefined> => {
    const recordId = recordIdIn(stream)
    const next = replaying(other)
    let events = 0
    const add = (_: undefined, page: ReadonlyArray<DecodedEvent>): undefined => {
      for (const decoded of isOver() ? [] : page) {
        events++
        const { requests, merged, differences: found } = next(datedEvent(decoded))
        total.requests += requests
        total.merged += merged
        for (const difference of found) {
          total.differing += difference.count
          const named = { recordId, ...difference }
          if (differences.length < maxHeld) differences.push(named)
          onDifference?.(named)
        }
      }
    }
    const ending = (): Failure | undefined => (isOver() ? aborted : stopped())
    const read = await foldHistory(settings)(stream, Number.POSITIVE_INFINITY, undefined, add, ending)()
    if (events > 0) total.keys++
    return E.isLeft(read) ? read.left : undefined
  }
  return {
    replay,
    /** The same, where a stream that cannot be read ends nothing. */
    replayWhatCanBeRead: async (beginning: Beginning, isOver: () => boolean): Promise<Failure | undefined> => {
      const { stream } = beginning
      const begins = await beginsThere(settings, beginning)
      if (E.isLeft(begins)) return begins.left
      if (!begins.right || isOver()) return undefined
      const failed = await replay(stream, isOver)
      if (failed === undefined || unread(failed)._tag === 'Failed') return failed
      total.unreadableCount++
      if (unreadable.length < maxHeld) unreadable.push({ recordId: recordIdIn(stream), stream, failure: failed })
      return undefined
    },
    found: (): WhatIf => ({ ...total, differences, unreadable })
  }
}

const gaveUp = (cause: unknown): Failure => failure('Aborted', 'a listener of what-if threw', { cause })

/**
 * Replays the requests that history tells of under another lease, retention, takeover or reuse policy, and lists those
 * that would have been answered differently, with both answers. Memory does not grow with the log. A `Left` is a store
 * that cannot be read on, `InvalidInput`, `Aborted`, or the failure of the one key that was asked for.
 */
export const whatIf =
  (settings: Settings) =>
  (options: WhatIfOptions): TaskEither<Failure, WhatIf> =>
  async () => {
    const parsed = parseRequest(settings, parseOptions, options, whatIfMembers)
    if (E.isLeft(parsed)) return parsed
    const { stream, signal: stop, onProgress } = parsed.right
    const { replay, replayWhatCanBeRead, found } = gathering(settings, parsed.right)
    try {
      const failed =
        stream === undefined
          ? await walkLog(settings, 'start', async (page) => {
              if (stop?.aborted) return aborted
              const broken = await inParallel(beginningsOn(settings, page), parallel, replayWhatCanBeRead)
              if (broken === undefined) onProgress?.(found())
              return broken
            })
          : await replay(stream)
      return failed === undefined ? E.right(found()) : E.left(failed)
    } catch (cause) {
      return E.left(gaveUp(cause))
    }
  }
