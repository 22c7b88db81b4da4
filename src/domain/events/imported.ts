import * as t from 'io-ts'
import { Epoch } from '../epoch.ts'
import { Instant } from '../instant.ts'
import { IdempotencyRecord } from '../record.ts'

/** Wire format. A record brought in from another system's file: an opening balance, not invented history. */
export const ImportedData = t.type({
  atMs: Instant,
  record: IdempotencyRecord,
  epoch: Epoch,
  source: t.string
})

export type Imported = { readonly type: 'Imported'; readonly data: t.TypeOf<typeof ImportedData> }
