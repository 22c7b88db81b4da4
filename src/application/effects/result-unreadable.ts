import type { IdempotencyRecord } from '../../domain/record.ts'

/**
 * The effect happened once and has an outcome, but no value can be made of it: its codec refuses what is stored
 * (`undecodable`, with its errors as the cause), or the value could not be stored then (`unstored`). Never run it again.
 */
export class ResultUnreadable extends Error {
  override readonly name = 'ResultUnreadable'
  readonly _tag = 'ResultUnreadable'
  readonly why: 'undecodable' | 'unstored'
  readonly record: IdempotencyRecord
  constructor(why: 'undecodable' | 'unstored', record: IdempotencyRecord, cause?: unknown) {
    const what = why === 'unstored' ? 'could not be stored' : 'cannot be decoded'
    super(`${record.recordId}: the effect happened, and its result ${what}`, cause === undefined ? {} : { cause })
    this.why = why
    this.record = record
  }
}
