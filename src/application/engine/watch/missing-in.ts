import type { ReadStream, RecordedEvent } from '../../ports/event-store.ts'

/** The revision that a read had to show at the least, by what is known of its stream, and did not. */
export const missingIn = (
  known: bigint,
  [, direction, from, count]: Parameters<ReadStream>,
  events: ReadonlyArray<RecordedEvent>
): bigint | undefined => {
  if (direction === 'forwards') {
    // a full page does not tell where the stream ends
    if (events.length >= count || from === 'end' || (typeof from === 'bigint' && from > known)) return undefined
    return (events.at(-1)?.revision ?? -1n) < known ? known : undefined
  }
  const place = from === 'end' ? known : from === 'start' ? 0n : from
  const due = place < known ? place : known
  return count > 0 && (events[0]?.revision ?? -1n) < due ? due : undefined
}
