import * as t from 'io-ts'
import { Epoch } from '../epoch.ts'
import { Instant } from '../instant.ts'
import { IdempotencyRecord } from '../record.ts'

/** A record brought in from another system's file: an opening balance, not invented history. */
export type ImportedData = {
  /** When it was brought in, epoch ms. */
  readonly atMs: Instant
  /** The record as it was. */
  readonly record: IdempotencyRecord
  /** Which reservation of the key it is from now on. */
  readonly epoch: number
  /** Where it came from. */
  readonly source: string
}

/** Wire format. */
export const ImportedData = t.type({
  atMs: Instant,
  record: IdempotencyRecord,
  epoch: Epoch,
  source: t.string
})

/** The event `Imported`. */
export type Imported = {
  readonly type: 'Imported'
  /** What it tells. */
  readonly data: ImportedData
}
