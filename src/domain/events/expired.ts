import * as t from 'io-ts'
import { Epoch } from '../epoch.ts'
import { Instant } from '../instant.ts'

/** Why a reservation ended. `lease` is only ever written in one append with the `Reserved` that takes over. */
export const EndReason = t.union([
  t.literal('retention'),
  t.literal('lease'),
  t.literal('released'),
  t.literal('operator')
])
export type EndReason = t.TypeOf<typeof EndReason>

/** Wire format. The reservation ended and the key is vacant; the epoch counter lives on. */
export const ExpiredData = t.intersection([
  t.type({ atMs: Instant, epoch: Epoch, reason: EndReason }),
  t.partial({ note: t.string })
])

export type Expired = { readonly type: 'Expired'; readonly data: t.TypeOf<typeof ExpiredData> }
