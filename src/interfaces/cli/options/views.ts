import { type Command, Option } from 'commander'
import { defaultViews } from './views-file.ts'

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
