import { randomUUID } from 'node:crypto'
import type { ProposedEvent } from '../../application/ports/event-store.ts'

/** An event as keyfold would write it, with an id that nobody used before. */
export const event = (data: unknown = { n: 1 }): ProposedEvent => ({
  id: randomUUID(),
  type: 'Tested',
  data: JSON.stringify(data),
  metadata: JSON.stringify({ about: 'the contract' })
})

export const events = (count: number): ReadonlyArray<ProposedEvent> =>
  Array.from({ length: count }, (_, n) => event({ n }))

export const idsOf = (list: ReadonlyArray<{ readonly id: string }>): ReadonlyArray<string> => list.map(({ id }) => id)
