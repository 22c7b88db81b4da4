import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Failure } from '../../domain/failure.ts'
import { timeLeft } from '../ports/time-left.ts'
import type { Settings } from '../settings.ts'
import { hashIn } from './event-text.ts'
import type { FoldedStream } from './folded-stream.ts'

/**
 * Whether a stream still ends with the event that it was folded up to, by a read that is begun now. The hash of that event
 * stands for all events before it, so that the fold is then as good as one of the whole stream.
 */
export const isCurrent =
  ({ store, timer }: Pick<Settings, 'store' | 'timer'>) =>
  (stream: string, { actual, lastHash }: FoldedStream, deadlineAt: number): TE.TaskEither<Failure, boolean> =>
  () =>
    pipe(
      store.readStream(stream, 'backwards', 'end', 1, timeLeft(timer, deadlineAt)),
      TE.map(([last]) => last !== undefined && last.revision === actual && hashIn(last) === lastHash)
    )()
