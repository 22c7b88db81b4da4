import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { failure } from '../domain/failure.ts'
import type { Tools } from '../interfaces/cli/deps.ts'
import { onceAllTaskEither } from './once-all.ts'

/** `onceAll` as the demo runs it; a result that cannot be read back is `InvalidInput`. */
export const onceForCli: Tools['onceAll'] = (ledger, rules) => (keys, task) =>
  pipe(
    onceAllTaskEither(ledger, { ...rules, keys, result: undefined })(task),
    TE.mapLeft((failed) =>
      failed._tag === 'ResultUnreadable' ? failure('InvalidInput', failed.message, { cause: failed }) : failed
    )
  )
