import { nextRevision } from '../../domain/expected-revision.ts'
import type { Append } from './event-store.ts'

/** The revision of an append's last event, where it is written at the place that it asks for. */
export const lastRevision = ({ expected, events }: Append): bigint =>
  nextRevision(expected) + BigInt(events.length) - 1n
