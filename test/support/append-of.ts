import { randomUUID } from 'node:crypto'
import type { Append, ProposedEvent } from '../../src/application/ports/event-store.ts'
import { type ExpectedRevision, noStream } from '../../src/domain/expected-revision.ts'

export const proposed = (data: unknown = {}): ProposedEvent => ({
  id: randomUUID(),
  type: 'Tested',
  data: JSON.stringify(data),
  metadata: '{}'
})

/** An append of events that nobody wrote before, to a new stream where none is named. */
export const appendOf = (
  count = 1,
  stream: string = `test-idem_${randomUUID()}`,
  expected: ExpectedRevision = noStream,
  data: unknown = {}
): Append => ({ stream, expected, events: Array.from({ length: count }, () => proposed(data)) })
