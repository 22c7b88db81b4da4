import * as t from 'io-ts'
import { Instant } from './instant.ts'

/** The holder does not know whether its effect happened: nobody takes over until somebody says what is so. */
export type Doubt = {
  /** Since when, epoch ms. */
  readonly sinceMs: Instant
  /** What is in doubt. */
  readonly note?: string
}

export const Doubt: t.Type<Doubt, unknown> = t.intersection(
  [t.type({ sinceMs: Instant }), t.partial({ note: t.string })],
  'Doubt'
)
