import * as E from 'fp-ts/Either'
import type { Append, StoreError } from '../../application/ports/event-store.ts'
import { type PackedAppend, packAppend } from './packed-append.ts'
import type { Result } from './write-group.ts'

export type Waiting = {
  readonly append: Append
  /** Until when it waits for the lock of another process. */
  readonly until: number
  readonly settle: (result: Result) => void
}

/** One on its way into the file. */
export type Going = Waiting & { readonly packed: PackedAppend }

const maxAppends = 256
const maxBytes = 1024 * 1024

const sizeOf = ({ events }: PackedAppend): number => events.reduce((sum, { body }) => sum + body.length, 0)

const refused = (error: StoreError): Result => E.left({ _tag: 'NotWritten', error })

/** Appends that wait to be written, in the order in which they came. */
export type AppendQueue = {
  readonly add: (one: Waiting) => void
  readonly length: () => number
  /** Until when the first of them waits. */
  readonly firstUntil: () => number
  /** Takes those that go together, at least one. What nobody could write is told so, and is not among them. */
  readonly takeGroup: () => ReadonlyArray<Going>
  /** They wait on, before all others. */
  readonly putBack: (group: ReadonlyArray<Going>) => void
  /** Where a lock is in the way, those that came later wait on; whatever else it is, it is so for all. */
  readonly refuse: (error: StoreError) => void
}

export const appendQueue = (now: () => number): AppendQueue => {
  const waiting: Array<Waiting> = []

  /** Nothing is known of one before it is packed: callers without types may hand over anything. */
  const takeGroup = (): ReadonlyArray<Going> => {
    const group: Array<Going> = []
    let size = 0
    let taken = 0
    for (const one of waiting) {
      if (group.length === maxAppends) break
      const packed = packAppend(one.append, now)
      if (E.isLeft(packed)) one.settle(refused(packed.left))
      else {
        size += sizeOf(packed.right)
        if (group.length > 0 && size > maxBytes) break
        group.push({ ...one, packed: packed.right })
      }
      taken++
    }
    waiting.splice(0, taken)
    return group
  }

  return {
    add: (one) => void waiting.push(one),
    length: () => waiting.length,
    firstUntil: () => waiting[0]?.until ?? 0,
    takeGroup,
    putBack: (group) => void waiting.unshift(...group),
    refuse: (error) => {
      const at = performance.now()
      const left = error._tag === 'StoreBusy' ? waiting.filter(({ until }) => until > at) : []
      for (const { settle } of waiting.splice(0, waiting.length - left.length)) settle(refused(error))
    }
  }
}
