import * as E from 'fp-ts/Either'
import * as t from 'io-ts'
import { codecOf } from './codec-of.ts'
import { type Failure, failure } from './failure.ts'
import { canonicalJson, type Json } from './json.ts'
import { StoredJson } from './stored-json.ts'
import { utf8Bytes } from './text.ts'

/** How far a holder got: whoever takes over goes on from there. Without `data` the name says it all. */
export type RecoveryPoint = {
  /** What was reached, as the work calls it. */
  readonly name: string
  /** What whoever takes over needs to know of it. */
  readonly data?: Json | undefined
}

/** How many points a record holds at most, and how many bytes they have together as JSON (SPEC section 4). */
export const maxPoints = 100
export const maxPointBytes = 64 * 1024

const RecoveryPoint = t.intersection([t.type({ name: t.string }), t.partial({ data: StoredJson })])

/** The points of a record, in the order in which they were reached: each name once, 100 at most. */
export const RecoveryPoints = codecOf(
  'RecoveryPoints',
  (value): value is ReadonlyArray<RecoveryPoint> =>
    Array.isArray(value) &&
    value.length <= maxPoints &&
    value.every(RecoveryPoint.is) &&
    new Set(value.map(({ name }) => name)).size === value.length
)
export type RecoveryPoints = ReadonlyArray<RecoveryPoint>

/** A point with the members that it has, and no others: it is stored as part of a record. */
export const pointOf = ({ name, data }: RecoveryPoint): RecoveryPoint =>
  data === undefined ? { name } : { name, data }

/** The points with one more, or with its last data in its old place. Those over the count are left out. */
export const withPoint = (points: RecoveryPoints = [], point: RecoveryPoint): RecoveryPoints => {
  const made = pointOf(point)
  if (points.some(({ name }) => name === made.name)) return points.map((old) => (old.name === made.name ? made : old))
  return points.length < maxPoints ? [...points, made] : points
}

const canonical = (data: Json): string => E.getOrElse(() => JSON.stringify(data))(canonicalJson(data))

const sameData = (a: Json | undefined, b: Json | undefined): boolean =>
  a === undefined || b === undefined ? a === b : canonical(a) === canonical(b)

/** Whether a point was reached already, with the same data (canonical JSON). */
export const hasPoint = (points: RecoveryPoints = [], { name, data }: RecoveryPoint): boolean =>
  points.some((point) => point.name === name && sameData(point.data, data))

const tooMuch = (what: string, limit: number, size: number, path: string): Failure =>
  failure('LimitExceeded', `the recovery points of a record ${what}`, { path, limit, size })

/** Why a point may not be added: with it they were too many, or too large. */
export const pointFault = (points: RecoveryPoints = [], point: RecoveryPoint): Failure | undefined => {
  const isNew = points.every(({ name }) => name !== point.name)
  if (isNew && points.length >= maxPoints) {
    return tooMuch(`are ${maxPoints} at most`, maxPoints, points.length + 1, '$.name')
  }
  const size = utf8Bytes(JSON.stringify(withPoint(points, point)))
  const what = `would have ${size} bytes as JSON, over the limit of ${maxPointBytes} bytes`
  return size > maxPointBytes ? tooMuch(what, maxPointBytes, size, '$.data') : undefined
}
