import type { EventStore, ReadStream } from '../../src/application/ports/event-store.ts'

/** A store whose reads are behind, as those of a leader are that was deposed and does not know. Its writes are not. */
export type OldReads = EventStore & {
  /** From now on a read shows the first so many events of each stream, while this says so: asked once for each read. */
  readonly show: (events: number, isOld: () => boolean) => void
  /** How many old reads it served. */
  readonly served: () => number
}

/** For the next so many reads. */
export const forReads = (reads: number): (() => boolean) => {
  let left = reads
  return () => left-- > 0
}

export const forEver = (): boolean => true

/**
 * An old view of a store. It cannot tell whether its reads are current, as the store behind it may, unless it is given a
 * way to.
 */
export const oldReads = (real: EventStore, confirmCurrent?: EventStore['confirmCurrent']): OldReads => {
  const { confirmCurrent: _, ...rest } = real
  let shown = 0n
  let isOld = (): boolean => false
  let served = 0
  const old: ReadStream = (stream, direction, from, count, withinMs) => {
    if (shown === 0n) return real.readStream(stream, direction, 0n, 0, withinMs)
    const last = shown - 1n
    const isBeyond = from === 'end' || (typeof from === 'bigint' && from > last)
    if (direction === 'backwards') return real.readStream(stream, direction, isBeyond ? last : from, count, withinMs)
    const start = from === 'start' ? 0n : from
    if (isBeyond || start === 'end') return real.readStream(stream, direction, 0n, 0, withinMs)
    const left = Number(last - start) + 1
    return real.readStream(stream, direction, start, Math.min(count, left), withinMs)
  }
  return {
    ...rest,
    ...(confirmCurrent && { confirmCurrent }),
    readStream:
      (...asked) =>
      () => {
        if (!isOld()) return real.readStream(...asked)()
        served++
        return old(...asked)()
      },
    show: (events, whether) => {
      shown = BigInt(events)
      isOld = whether
    },
    served: () => served
  }
}
