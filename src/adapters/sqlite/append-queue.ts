import * as E from 'fp-ts/Either'
import type { Append, StoreError } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'
import { type PackedAppend, packAppend } from './packed-append.ts'
import type { Result } from './write-group.ts'

export type Waiting = {
  readonly append: Append
  /** Until when it waits for the lock of another process. */
  readonly until: number
  /** Until when its caller wants the answer, where there is such a time: after it nothing is to be written. */
  readonly wantedUntil?: number | undefined
  readonly settle: (result: Result) => void
}

/** One on its way into the file. */
export type Going = Waiting & { readonly packed: PackedAppend }

const maxAppends = 256
const maxBytes = 1024 * 1024

const sizeOf = ({ events }: PackedAppend): number => events.reduce((sum, { body }) => sum + body.length, 0)

const tooLate = failure('StoreBusy', 'the append did not come to its turn in time: nothing of it was written')

const refused = (error: StoreError): Result => E.left({ _tag: 'NotWritten', error })

/** Appends that wait to be written, in the order in which they came. */
export type AppendQueue = {
  readonly add: (one: Waiting) => void
  readonly length: () => number
  /** When the first time of all that wait is over, whoever came first. */
  readonly firstUntil: () => number
  /**
   * Takes those that go together. What nobody could write, or nobody wants any more, is told so, and is not among them.
   */
  readonly takeGroup: () => ReadonlyArray<Going>
  /** They wait on, before all others. */
  readonly putBack: (group: ReadonlyArray<Going>) => void
  /** The same, and each of them goes by itself: one of them keeps the others from being written. */
  readonly putApart: (group: ReadonlyArray<Going>) => void
  /** Where a lock is in the way, those whose time is not over wait on; whatever else it is, it is so for all. */
  readonly refuse: (error: StoreError) => void
}

export const appendQueue = (now: () => number): AppendQueue => {
  let waiting: Array<Waiting> = []
  let apart = 0

  /** Nothing is known of one before it is packed: callers without types may hand over anything. */
  const takeGroup = (): ReadonlyArray<Going> => {
    const group: Array<Going> = []
    const at = performance.now()
    let size = 0
    let taken = 0
    const most = apart > 0 ? 1 : maxAppends
    for (const one of waiting) {
      if (group.length === most) break
      const packed =
        one.wantedUntil !== undefined && one.wantedUntil < at ? E.left(tooLate) : packAppend(one.append, now)
      if (E.isLeft(packed)) one.settle(refused(packed.left))
      else {
        size += sizeOf(packed.right)
        if (group.length > 0 && size > maxBytes) break
        group.push({ ...one, packed: packed.right })
      }
      taken++
    }
    waiting.splice(0, taken)
    apart = Math.max(0, apart - taken)
    return group
  }

  return {
    add: (one) => void waiting.push(one),
    length: () => waiting.length,
    firstUntil: () => waiting.reduce((first, { until }) => Math.min(first, until), Number.POSITIVE_INFINITY),
    takeGroup,
    putBack: (group) => void waiting.unshift(...group),
    putApart: (group) => {
      waiting.unshift(...group)
      apart = group.length
    },
    refuse: (error) => {
      const at = performance.now()
      const over = waiting
      waiting = error._tag === 'StoreBusy' ? over.filter(({ until }) => until > at) : []
      apart = Math.min(apart, waiting.length)
      const all = waiting.length === 0
      for (const { until, settle } of over) if (all || until <= at) settle(refused(error))
    }
  }
}
