import * as E from 'fp-ts/Either'
import { type Failure, invalidInput } from '../failure.ts'
import type { IdempotencyRecord } from '../record.ts'
import { type AsOf, asOfCount } from './as-of.ts'
import { countAt, type Dated, type Moment } from './moment.ts'
import { isSameJson } from './same-json.ts'

/** A field of the record that two moments differ in; `undefined` where it was absent, or nobody held the key. */
export type ChangedField = {
  /** The field's name. */
  readonly field: keyof IdempotencyRecord
  /** Its value at the earlier moment. */
  readonly before: unknown
  /** Its value at the later one. */
  readonly after: unknown
}

/** What two moments of a key differ in, and the events that lie between them. */
export type Diff<D extends Dated> = {
  readonly from: AsOf
  readonly to: AsOf
  readonly fields: ReadonlyArray<ChangedField>
  readonly events: ReadonlyArray<D>
}

const recordIn = (at: AsOf): Partial<IdempotencyRecord> => (at._tag === 'Held' ? at.record : {})

const changedFields = (from: AsOf, to: AsOf): ReadonlyArray<ChangedField> => {
  const [before, after] = [recordIn(from), recordIn(to)]
  // both have their fields in the same order
  const names = Object.keys({ ...before, ...after }) as ReadonlyArray<keyof IdempotencyRecord>
  return names
    .filter((field) => !isSameJson(before[field], after[field]))
    .map((field) => ({ field, before: before[field], after: after[field] }))
}

/** Compares two moments of a key. Pure; takes the whole stream, oldest first. One before the other is `InvalidInput`. */
export const diff = <D extends Dated>(
  events: ReadonlyArray<D>,
  from: Moment,
  to: Moment
): E.Either<Failure, Diff<D>> => {
  const start = countAt(events, from, '$.from')
  if (E.isLeft(start)) return start
  const end = countAt(events, to, '$.to')
  if (E.isLeft(end)) return end
  if (end.right < start.right) return E.left(invalidInput('$.to is before $.from', '$.to'))
  const [before, after] = [asOfCount(events, start.right), asOfCount(events, end.right)]
  return E.right({
    from: before,
    to: after,
    fields: changedFields(before, after),
    events: events.slice(start.right, end.right)
  })
}
