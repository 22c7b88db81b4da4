import * as t from 'io-ts'
import { Epoch } from '../epoch.ts'
import { Instant } from '../instant.ts'

/** Why a reservation ended. `lease` is only ever written in one append with the `Reserved` that takes over. */
export type EndReason = 'retention' | 'lease' | 'released' | 'operator'

export const EndReason = t.union([
  t.literal('retention'),
  t.literal('lease'),
  t.literal('released'),
  t.literal('operator')
])

/** The reservation ended and the key is vacant; the epoch counter lives on. */
export type ExpiredData = {
  /** When it was decided, epoch ms. */
  readonly atMs: Instant
  /** The reservation that ended. */
  readonly epoch: number
  /** Why it ended. */
  readonly reason: EndReason
  /** What the holder or the operator said to it. */
  readonly note?: string
}

/** Wire format. */
export const ExpiredData = t.intersection([
  t.type({ atMs: Instant, epoch: Epoch, reason: EndReason }),
  t.partial({ note: t.string })
])

/** The event `Expired`. */
export type Expired = {
  readonly type: 'Expired'
  /** What it tells. */
  readonly data: ExpiredData
}
