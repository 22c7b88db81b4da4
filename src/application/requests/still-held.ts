import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { amended, type Failure } from '../../domain/failure.ts'

/** Whether it is what was to be stored that was refused, and not the claim, or the request as a whole. */
const isOfItsContent = ({ _tag, path }: Failure): boolean =>
  (_tag === 'InvalidInput' || _tag === 'LimitExceeded') && path !== '$' && path?.startsWith('$.claim') !== true

const stillHeld = '; the key is still held: complete with what can be stored, or release the claim'

const toldSo = (refused: Failure): Failure =>
  isOfItsContent(refused) ? amended(refused, { message: `${refused.message}${stillHeld}` }) : refused

/** The same refusal, of a key that was completed with what can be stored. */
export const heldNoLonger = (refused: Failure): Failure =>
  amended(refused, { message: refused.message.replace(stillHeld, '') })

/**
 * A completion that was refused ends nothing: whoever reads why is told what has become of the key. The request is read when
 * the task is run, and no later.
 */
export const tellingOfTheKey =
  <R, A>(complete: (request: R) => TaskEither<Failure, A>) =>
  (request: R): TaskEither<Failure, A> =>
  () =>
    complete(request)().then(E.mapLeft(toldSo))
