import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { TaskEither } from 'fp-ts/TaskEither'
import { type Failure, failure } from '../../../../domain/failure.ts'
import { noOthers } from '../../../../domain/parsing/known-members.ts'
import { allOf, defaulted, matching, optional, type Parsed } from '../../../../domain/parsing/parsed.ts'
import { millis, string } from '../../../../domain/parsing/values.ts'
import { clockTime } from '../../../ports/clock-time.ts'
import type { Position } from '../../../ports/event-store.ts'
import { listener } from '../../../requests/listener.ts'
import { parseRequest } from '../../../requests/parse-request.ts'
import type { KeyRef } from '../../../requests/requests.ts'
import { signal } from '../../../requests/signal.ts'
import type { Settings } from '../../../settings.ts'
import { streamOf } from '../stream-of.ts'
import type { Finding } from './finding.ts'
import { recordingTimes } from './recording-times.ts'
import { tallyOf, type Verified, type VerifyProgress } from './report.ts'
import { verifyKey } from './verify-key.ts'
import { verifyLog } from './verify-log.ts'

/** What to verify, from where on, and who is told. */
export type VerifyOptions = {
  /** Only the stream of this key. All of the ledger's category where it is left out. */
  readonly of?: KeyRef | undefined
  /** Goes on where another run got to: the `next` that it told. What was before that is not looked at again. */
  readonly after?: Position | undefined
  /** How many streams are read back at once, 1 to 64; 8 where it is left out. */
  readonly parallel?: number | undefined
  /** How much earlier than the event before it an event may have been recorded, ms; 1,000 where it is left out. */
  readonly toleranceMs?: number | undefined
  /** Told of each finding as it is made. One that throws ends the run: `Aborted`. */
  readonly onFinding?: ((finding: Finding) => void) | undefined
  /** Told after each page of the log how far the run is. One that throws ends the run: `Aborted`. */
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined
  /** Ends the run before its next page: `Aborted`. */
  readonly signal?: AbortSignal | undefined
}

type Options = Pick<VerifyOptions, 'onFinding' | 'onProgress' | 'signal'> & {
  readonly stream: string | undefined
  readonly after: Position | undefined
  readonly parallel: number
  readonly toleranceMs: number
}

const members = noOthers<VerifyOptions>({
  of: true,
  after: true,
  parallel: true,
  toleranceMs: true,
  onFinding: true,
  onProgress: true,
  signal: true
})

const workers = matching(
  (value): value is number => Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= 64,
  'must be a whole number from 1 to 64'
)

const parseOptions = (settings: Settings, options: VerifyOptions): Parsed<Options> =>
  pipe(
    allOf<Options>({
      stream: streamOf(settings, options.of),
      after: optional(string)('$.after', options.after),
      parallel: defaulted(workers, 8)('$.parallel', options.parallel),
      toleranceMs: defaulted<number>(millis, 1000)('$.toleranceMs', options.toleranceMs),
      onFinding: listener('$.onFinding', options.onFinding),
      onProgress: listener('$.onProgress', options.onProgress),
      signal: signal('$.signal', options.signal)
    }),
    E.filterOrElse(
      ({ stream, after }) => stream === undefined || after === undefined,
      () => refusal
    )
  )

const refusal = failure('InvalidInput', '$.after is a place in the log, and one key has none', { path: '$.after' })

const gaveUp = (cause: unknown): Failure => failure('Aborted', 'a listener of verify threw', { cause })

/**
 * Judges what the store holds, event by event: the hash chain, the legal transitions, the snapshots, the order and the
 * times of the log (SPEC section 10). Findings are no failure: they are in the answer, the first of each stream. A `Left`
 * is a store that cannot be read on, `InvalidInput`, or `Aborted`.
 */
export const verify =
  (settings: Settings) =>
  (options: VerifyOptions = {}): TaskEither<Failure, Verified> =>
  async () => {
    const parsed = parseRequest(settings, parseOptions, options, members)
    if (E.isLeft(parsed)) return parsed
    const { stream, after = 'start', parallel, toleranceMs, onFinding, onProgress, signal: stop } = parsed.right
    const tally = tallyOf(onFinding)
    const times = recordingTimes(toleranceMs)
    const onPage = (): void => onProgress?.(tally.progress())
    try {
      const failed =
        stream === undefined
          ? await verifyLog(settings, { tally, times, walk: { after, parallel, signal: stop, onPage } })
          : await verifyKey(settings, stream, { tally, times, signal: stop })
      if (failed !== undefined) return E.left(failed)
      // what was recorded while it ran was recorded before now
      const now = clockTime(settings.clock)
      if (E.isLeft(now)) return now
      const restamped = times.end(now.right)
      if (restamped !== undefined) tally.found(restamped)
      return E.right(tally.verified())
    } catch (cause) {
      return E.left(gaveUp(cause))
    }
  }
