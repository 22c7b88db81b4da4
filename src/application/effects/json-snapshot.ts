import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../domain/failure.ts'
import { type Json, jsonFault } from '../../domain/json.ts'

const copied = (value: Json): Json => {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copied)
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copied(member)]))
}

/**
 * A value as it is at this moment: what its owner changes later is not stored. What is no JSON, or cannot be read at all
 * (a getter or a proxy that throws), is `InvalidInput`, or `LimitExceeded` where it is too deep.
 */
export const jsonSnapshot = (value: unknown, path: string): E.Either<Failure, Json> => {
  try {
    const fault = jsonFault(value, path)
    return fault === undefined ? E.right(copied(value as Json)) : E.left(fault)
  } catch (cause) {
    return E.left(failure('InvalidInput', `${path} cannot be read`, { path, cause }))
  }
}
