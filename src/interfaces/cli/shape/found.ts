import type { IdempotencyRecord } from '../../../domain/record.ts'
import { quoted } from '../../../domain/text.ts'
import type { Cli } from '../cli.ts'
import type { Column } from '../terminal/columns.ts'
import { modeFor } from '../terminal/mode.ts'
import { type Cell, each, headline, table, type View } from '../terminal/view.ts'

/** A table of what a scan found, of which each row begins with a record id. */
export type FoundTable<A> = {
  readonly head: ReadonlyArray<Column>
  readonly row: (one: A) => ReadonlyArray<Cell>
}

export const tenantCell = ({ tenant: { orgId, workspaceId, deploymentId } }: IdempotencyRecord): string =>
  [orgId, workspaceId, ...(deploymentId === undefined ? [] : [deploymentId])].join('/')

/** On a terminal a record id takes half the line, and its beginning tells records apart; `get` shows long texts whole. */
const shortened = (cells: ReadonlyArray<Cell>): ReadonlyArray<Cell> =>
  cells.map((cell, column) => {
    if (typeof cell !== 'string') return cell
    return column === 0 ? `${cell.slice(0, 17)}…` : quoted(cell)
  })

/** The first of what was found as a table; on a terminal with a line that says how many there are, or are left. */
export const foundViews = <A>(
  cli: Cli,
  { head, row }: FoundTable<A>,
  found: ReadonlyArray<A>,
  limit: number
): ReadonlyArray<View> => {
  const shown = found.slice(0, limit)
  const terminal = modeFor(cli.deps.stdout, cli.deps.env, false).form === 'terminal'
  const left = found.length - shown.length
  const note =
    left > 0
      ? `${left} more; raise --limit to see them`
      : `${shown.length} ${shown.length === 1 ? 'record' : 'records'}`
  const rows = each(shown, row)
  return [table(head, terminal ? each(rows, shortened) : rows), ...(terminal ? [headline(note, 'quiet')] : [])]
}
