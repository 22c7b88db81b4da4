import * as E from 'fp-ts/Either'
import type * as TE from 'fp-ts/TaskEither'
import type { TaskProjections } from '../../../application/projections/projections.ts'
import type { ViewMoment } from '../../../application/projections/walk.ts'
import type { Failure } from '../../../domain/failure.ts'
import { type Cli, type Shared, unlessStopped } from '../cli.ts'
import type { ReportOptions } from '../options/views.ts'
import { viewsFile } from '../options/views-file.ts'
import { inSnakeCase } from '../shape/snake-case.ts'
import { counted } from '../terminal/counted.ts'
import { type Source, sourceLines } from './source.ts'

/** What was asked of views, and the moments of each of them. */
export type OfViews<A> = { readonly answer: A; readonly moments: ReadonlyArray<ViewMoment> }

/** What is asked of views. */
export type Asking<A> = {
  /** What was asked for that the views do not hold, if so. */
  readonly unheld?: string | undefined
  readonly ofViews: (projections: TaskProjections) => TE.TaskEither<Failure, OfViews<A>>
}

/** What a view lacks of the log it took in, if it does: keys that wait are not as they are. */
const lackOf = (moments: ReadonlyArray<ViewMoment>): string | undefined => {
  const waiting = moments.find(({ parkedKeys }) => parkedKeys > 0)
  return (
    waiting &&
    `${counted(waiting.parkedKeys, 'key')} ${waiting.parkedKeys === 1 ? 'waits' : 'wait'} in the view ${waiting.view}: keyfold projections parked ${waiting.view}`
  )
}

const because = (failed: Failure): string => inSnakeCase(failed).message

/** A scan goes without saying in a pipe where nobody spoke of views. */
const isWorthSaying = ({ deps: { env, stderr } }: Cli, { views, scan }: ReportOptions, { _tag }: Source): boolean =>
  _tag === 'Views' ||
  (scan !== true && (stderr.isTTY === true || views !== undefined || (env['KEYFOLD_VIEWS'] ?? '') !== ''))

/** What is worth saying of it on stderr: in JSON the document says where it was read from. */
export const sourceRemark = (cli: Cli, options: Shared & ReportOptions, source: Source): ReadonlyArray<string> =>
  options.json !== true && isWorthSaying(cli, options, source) ? sourceLines(source) : []

/** The answer of the views, or why it takes a scan. */
export const askedOfViews = async <A>(
  cli: Cli,
  options: Shared & ReportOptions,
  { unheld, ofViews }: Asking<A>
): Promise<E.Either<string, OfViews<A>>> => {
  if (options.scan === true) return E.left('--scan asks for it')
  if (unheld !== undefined) return E.left(unheld)
  const file = viewsFile(options.views, cli.deps.env)
  if (E.isLeft(file)) return E.left(because(file.left))
  const asked = await cli.askViews(options, file.right, (projections) =>
    unlessStopped(cli.signal)(ofViews(projections))
  )
  if (E.isLeft(asked)) return E.left(because(asked.left))
  const lack = lackOf(asked.right.moments)
  return lack === undefined ? asked : E.left(lack)
}
