import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { TaskView } from '../../../application/projections/reading.ts'
import { ask, type RowReader } from '../../../application/projections/row-reader.ts'
import { defaultLimits } from '../../../application/settings.ts'
import { defaultPolicy } from '../../../domain/commands.ts'
import type { Failure } from '../../../domain/failure.ts'
import type { Parsed } from '../../../domain/parsing/parsed.ts'
import type { Cli } from '../cli.ts'
import type { OfViews } from './asked-of-views.ts'

/** What the ledger of the command line works with, as far as views are judged by it. */
export const asDefault = ({ deps }: Cli) => ({ limits: defaultLimits, policy: defaultPolicy, clock: deps.now })

/** Asks one view. */
export const ofOneView = <S, A>(
  view: TaskView<S>,
  reader: Parsed<RowReader<S, A>>
): TE.TaskEither<Failure, OfViews<A>> =>
  pipe(
    ask(view, reader),
    TE.map(({ answer, moment }) => ({ answer, moments: [moment] }))
  )
