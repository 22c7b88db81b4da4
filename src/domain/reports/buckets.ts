import type { EventType } from '../events/ledger-event.ts'

/** How many events of each type there were; a type that is left out had none. */
export type EventCounts = { readonly [type in EventType]?: number }

/** How many events there were of all types. */
export const totalOf = (counts: EventCounts): number => Object.values(counts).reduce((sum, count) => sum + count, 0)

/** How many events of each type fall into each length of time, by its beginning, epoch ms. */
export type Buckets = { readonly widthMs: number; readonly counts: ReadonlyMap<number, EventCounts> }

/** More than nobody looks at: where there would be more, each becomes twice as wide. */
export const mostBuckets = 1000

/** Both together. */
export const addedCounts = (a: EventCounts, b: EventCounts): EventCounts => {
  const sum: { [type in EventType]?: number } = { ...a }
  // the counts of types that there are
  for (const [type, count] of Object.entries(b) as ReadonlyArray<[EventType, number]>)
    sum[type] = (sum[type] ?? 0) + count
  return sum
}

const widened = ({ counts }: Buckets, widthMs: number): Buckets => {
  const wider = new Map<number, EventCounts>()
  for (const [from, count] of counts) {
    const beginning = Math.floor(from / widthMs) * widthMs
    wider.set(beginning, addedCounts(wider.get(beginning) ?? {}, count))
  }
  return { widthMs, counts: wider }
}

/** As many buckets as there may be, as narrow as that allows. */
export const bounded = (buckets: Buckets): Buckets => {
  let fitting = buckets
  // ends: at some width all lie in one
  while (fitting.counts.size > mostBuckets) fitting = widened(fitting, fitting.widthMs * 2)
  return fitting
}

export const bucketsOf = (
  events: ReadonlyArray<{ readonly type: EventType; readonly atMs: number }>,
  widthMs: number
): Buckets => {
  const counts = new Map<number, EventCounts>()
  for (const { type, atMs } of events) {
    const from = Math.floor(atMs / widthMs) * widthMs
    counts.set(from, addedCounts(counts.get(from) ?? {}, { [type]: 1 }))
  }
  return bounded({ widthMs, counts })
}

/** Both together, as wide as the wider one. Of widths that began as the same one is a multiple of the other. */
export const mergeBuckets = (a: Buckets, b: Buckets): Buckets => {
  const widthMs = Math.max(a.widthMs, b.widthMs)
  const [one, other] = [a, b].map((part) => (part.widthMs === widthMs ? part : widened(part, widthMs)))
  const counts = new Map(one?.counts)
  for (const [from, count] of other?.counts ?? []) counts.set(from, addedCounts(counts.get(from) ?? {}, count))
  return bounded({ widthMs, counts })
}
