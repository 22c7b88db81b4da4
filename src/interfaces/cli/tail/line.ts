import type { LedgerMessage } from '../../../application/use-cases/subscribe.ts'
import type { CliDeps } from '../deps.ts'
import { eventTable } from '../export/event-rows.ts'
import { describeEvent } from '../shape/describe.ts'
import { jsonText } from '../terminal/json-text.ts'
import { modeFor } from '../terminal/mode.ts'
import { writing } from '../terminal/render.ts'
import { at, type Cell } from '../terminal/view.ts'

/** An event as one line: as `export --what events` has it in JSON, else when, which key, which revision, what, and where. */
export const tailLine = (
  { recordId, entry, position }: Extract<LedgerMessage, { readonly _tag: 'Event' }>,
  { json, stdout, env }: { readonly json: boolean } & Pick<CliDeps, 'stdout' | 'env'>
): string => {
  if (json) return `${jsonText(eventTable.json(entry))}\n`
  const cells: ReadonlyArray<Cell> = [
    at(entry.recordedAtMs),
    recordId,
    `${entry.revision}`,
    entry.type,
    describeEvent(entry),
    position
  ]
  const mode = modeFor(stdout, env, false)
  const { inert, shown } = writing(mode)
  return `${mode.form === 'terminal' ? cells.map(shown).join('  ') : cells.map(inert).join('\t')}\n`
}
