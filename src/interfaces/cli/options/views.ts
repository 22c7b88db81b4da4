import { type Command, Option } from 'commander'
import * as E from 'fp-ts/Either'
import type { Parsed } from '../../../domain/parsing/parsed.ts'
import type { CliDeps } from '../deps.ts'
import { notIntact } from '../input/intact.ts'

const defaultViews = 'keyfold-views.db'

export type ViewsOption = { readonly views?: string }

/** Where views are kept. */
export const viewsOption = (command: Command): Command =>
  command.addOption(
    new Option('--views <file>', `the SQLite file of the views (default: KEYFOLD_VIEWS, else ${defaultViews})`)
  )

export type ReportOptions = ViewsOption & { readonly scan?: boolean }

/** How a report is read: from the views, or by a scan. */
export const reportOptions = (command: Command): Command =>
  viewsOption(command).option('--scan', 'read the log itself, whatever views there are')

/** The file of the views: the one that is named, or the environment's, or the default. */
export const viewsFile = ({ views }: ViewsOption, env: CliDeps['env']): Parsed<string> => {
  if (views !== undefined) return E.right(views)
  const file = env['KEYFOLD_VIEWS'] || defaultViews
  const fault = notIntact(file, 'KEYFOLD_VIEWS')
  return fault === undefined ? E.right(file) : E.left(fault)
}
