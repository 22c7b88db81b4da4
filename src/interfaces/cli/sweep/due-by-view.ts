import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { TaskProjections } from '../../../application/projections/projections.ts'
import { dueBefore, dueKeys, type RecordIds } from '../../../application/projections/shipped/due-keys.ts'
import type { Failure } from '../../../domain/failure.ts'
import type { Cli, Shared } from '../cli.ts'
import type { ReportOptions } from '../options/views.ts'
import { viewsFile } from '../options/views-file.ts'
import { type Asking, askedOfViews } from '../views/asked-of-views.ts'
import { ofOneView } from '../views/of-one-view.ts'
import type { Source } from '../views/source.ts'

/** Which keys a sweep looks at: those that a view names, or all that a scan of the log finds. */
export type Due = {
  readonly source: Source
  /** Record ids, read as they are asked for; absent for a scan. */
  readonly recordIds?: AsyncIterable<string>
  /** Why the view could not be read to its end, if so: then the record ids ended with what was thrown. */
  readonly broken: () => Failure | undefined
}

const pageOf =
  (timeMs: number, after?: string): Asking<RecordIds>['ofViews'] =>
  (projections: TaskProjections) =>
    ofOneView(projections.view(dueKeys), dueBefore(timeMs, after))

/**
 * The keys that are due at a time by the view `due_keys`, where there is a live one, a page of it at a time, so that a sweep of
 * any length holds a page. The ledger looks at each key itself: a view that is behind names too few, and none is expired wrongly.
 */
export const dueByView = async (cli: Cli, options: Shared & ReportOptions, timeMs: number): Promise<Due> => {
  let broken: Failure | undefined
  const asked = await askedOfViews(cli, options, { ofViews: pageOf(timeMs) })
  if (E.isLeft(asked)) return { source: { _tag: 'Scan', because: asked.left }, broken: () => broken }
  const { answer, moments } = asked.right
  const furtherPage = (after: string) =>
    pipe(
      TE.fromEither(viewsFile(options.views, cli.deps.env)),
      TE.flatMap((file) => () => cli.askViews(options, file, pageOf(timeMs, after)))
    )()
  async function* all(): AsyncGenerator<string, void, undefined> {
    for (let page = answer; ; ) {
      yield* page.recordIds
      if (page.next === undefined) return
      const next = await furtherPage(page.next)
      if (E.isLeft(next)) {
        broken = next.left
        throw broken
      }
      page = next.right.answer
    }
  }
  return { source: { _tag: 'Views', moments }, recordIds: all(), broken: () => broken }
}
