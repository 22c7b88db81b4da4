import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type Explained, explain as explainIn } from '../../../domain/audit/explain.ts'
import { countAt, type Dated, type Moment } from '../../../domain/audit/moment.ts'
import type { Reserve } from '../../../domain/commands.ts'
import type { Failure } from '../../../domain/failure.ts'
import { streamName } from '../../../domain/identity.ts'
import { Instant } from '../../../domain/instant.ts'
import { noMisspelt } from '../../../domain/parsing/known-members.ts'
import { allOf } from '../../../domain/parsing/parsed.ts'
import { givenUp, type Submission } from '../../engine/submission.ts'
import { clockTime } from '../../ports/clock-time.ts'
import { reserveNames } from '../../requests/members.ts'
import { parseRequest } from '../../requests/parse-request.ts'
import { parseReserve } from '../../requests/parse-reserve.ts'
import type { ReserveRequest } from '../../requests/requests.ts'
import type { Settings } from '../../settings.ts'
import { readHistory } from '../../stream/read-history.ts'
import { datedEvent } from './dated.ts'
import { type MomentInput, momentOf } from './moment.ts'

/**
 * A reserve as it would be sent, and the moment at which it is to have come. Its `nowMs` is that moment where it is left
 * out; of a revision that is when its event was recorded.
 */
export type ExplainRequest = ReserveRequest & {
  /** When the request is to have come. */
  readonly at: MomentInput
}

const members = noMisspelt<ExplainRequest>({ ...reserveNames, at: true })

const parseExplain = (settings: Settings, request: ExplainRequest) =>
  allOf({ reserve: parseReserve(settings, request), at: momentOf('$.at', request.at) })

/** What time a reserve of a moment would have been decided at. */
const timeOf = (
  settings: Settings,
  { nowMs }: Submission<Reserve>,
  at: Moment,
  last: Dated | undefined
): E.Either<Failure, Instant> => {
  if (nowMs !== undefined) return E.right(nowMs)
  if ('timeMs' in at) return E.right(at.timeMs)
  const recordedAtMs = last?.recordedAtMs
  return Instant.is(recordedAtMs) ? E.right(recordedAtMs) : clockTime(settings.clock)
}

/**
 * What `reserve` would have answered at a moment, and why: the row of its decision table, in words. Nothing is written,
 * and no claim is given. Policy is the ledger's present one. Moments are judged as `asOf` judges them.
 */
export const explain =
  (settings: Settings) =>
  (request: ExplainRequest): TE.TaskEither<Failure, Explained> =>
  () =>
    pipe(
      TE.fromEither(parseRequest(settings, parseExplain, request, members)),
      TE.flatMap(({ reserve: { recordId, submission }, at }) =>
        pipe(
          readHistory(settings)(streamName(settings.category, recordId), givenUp(submission.signal)),
          TE.flatMapEither((decoded) => {
            const events = decoded.map(datedEvent)
            return pipe(
              E.Do,
              E.bind('count', () => countAt(events, at, '$.at')),
              E.bind('now', ({ count }) => timeOf(settings, submission, at, events[count - 1])),
              E.flatMap(({ count, now }) => explainIn(submission.at(now), events.slice(0, count)))
            )
          })
        )
      )
    )()
