import type { LedgerMessage } from '../../../application/use-cases/subscribe.ts'
import type { CliDeps } from '../deps.ts'
import { eventTable } from '../export/event-rows.ts'
import { describeEvent, moment } from '../shape/describe.ts'
import { jsonText } from '../terminal/json-text.ts'
import { inertCell, printableCell } from '../terminal/printable.ts'
import { modeFor } from '../terminal/render.ts'

/** An event as one line: as `export --what events` has it in JSON, else when, which key, which revision, what, and where. */
export const tailLine = (
  { recordId, entry, position }: Extract<LedgerMessage, { readonly _tag: 'Event' }>,
  { json, stdout, env }: { readonly json: boolean } & Pick<CliDeps, 'stdout' | 'env'>
): string => {
  if (json) return `${jsonText(eventTable.json(entry))}\n`
  const cells = [moment(entry.recordedAtMs), recordId, `${entry.revision}`, entry.type, describeEvent(entry), position]
  const isTerminal = modeFor(stdout, env, false).form === 'terminal'
  return `${cells.map(isTerminal ? printableCell : inertCell).join(isTerminal ? '  ' : '\t')}\n`
}
