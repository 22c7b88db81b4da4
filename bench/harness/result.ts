import type { Machine } from './machine.ts'
import type { Section } from './section.ts'

/** A whole run, as it is written as JSON and as a page. */
export type Result = {
  /** The day, as people write it: 2026-11-26. */
  readonly date: string
  readonly machine: Machine
  /** Why the figures are worth less than they should be, where they are. */
  readonly caution?: string
  readonly sections: ReadonlyArray<Section>
}
