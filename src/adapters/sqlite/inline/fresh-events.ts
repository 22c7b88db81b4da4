import * as E from 'fp-ts/Either'
import type { RecordedEvent } from '../../../application/ports/event-store.ts'
import type { LogPart } from '../../../application/ports/inline.ts'
import { toPosition } from '../../common/numbered-position.ts'
import { unpacked } from '../codec/event-body.ts'
import { streamOf } from '../codec/stream-name.ts'
import type { PackedAppend } from '../packed-append.ts'

/** More than these, or so many bytes, are read from the file again: they are not held until the transaction ends. */
const [mostHeld, mostBytes] = [1024, 16 * 1024 * 1024]

const bytesOf = ({ events }: PackedAppend): number => events.reduce((sum, { body }) => sum + body.length, 0)

/** What the open transaction wrote to the log, so that it need not be read again. */
export type FreshEvents = {
  /** A transaction begins. */
  readonly begin: () => void
  readonly wrote: (append: PackedAppend, firstPosition: number) => void
  /** All that comes after a position, where it is at hand. */
  readonly after: (position: number, streamPrefix: string, maxCount: number) => LogPart | undefined
}

type Written = { readonly append: PackedAppend; readonly firstPosition: number }

/** Out of the bytes that were written, as who reads them later does; none where they do not tell. */
const eventsOf = ({ append, firstPosition }: Written): ReadonlyArray<RecordedEvent> | undefined => {
  const { name, first, at, events } = append
  const stream = streamOf(name)
  if (stream === undefined) return undefined
  const read: Array<RecordedEvent> = []
  for (const [index, { type, body }] of events.entries()) {
    const event = unpacked(type, body, stream)
    if (event === undefined) return undefined
    const position = String(firstPosition + index)
    read.push({ ...event, stream, revision: BigInt(first + index), position, recordedAtMs: at })
  }
  return read
}

export const freshEvents = (): FreshEvents => {
  let held: Array<Written> = []
  let count = 0
  let bytes = 0

  const found = (streamPrefix: string): LogPart['found'] | undefined => {
    const all: Array<E.Either<never, RecordedEvent>> = []
    for (const written of held) {
      const events = eventsOf(written)
      if (events === undefined) return undefined
      for (const event of events) if (event.stream.startsWith(streamPrefix)) all.push(E.right(event))
    }
    return all
  }

  return {
    begin: () => {
      held = []
      count = 0
      bytes = 0
    },
    wrote: (append, firstPosition) => {
      count += append.events.length
      bytes += bytesOf(append)
      if (count <= mostHeld && bytes <= mostBytes) held.push({ append, firstPosition })
      else held = []
    },
    after: (position, streamPrefix, maxCount) => {
      const [begin] = held
      const last = held.at(-1)
      if (begin?.firstPosition !== position + 1 || last === undefined || count > Math.min(mostHeld, maxCount)) {
        return undefined
      }
      const all = found(streamPrefix)
      const next = toPosition(last.firstPosition + last.append.events.length - 1)
      return all && { found: all, next, atEnd: true }
    }
  }
}
