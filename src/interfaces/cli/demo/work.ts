import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { Json } from '../../../domain/json.ts'
import { fieldsOf } from '../shape/fields.ts'
import type { Delivery } from './delivery.ts'

/** What a delivery is about. */
export type Summary = {
  /** Tells a replay of this very delivery from that of another one with the same body. */
  readonly delivery: string
  readonly event: string
  readonly action: string | null
  readonly repository: string | null
  readonly sender: string | null
  readonly bytes: number
}

/** A text within a payload by its path, or null: no payload has all of them. */
const textAt = (value: Json, ...path: ReadonlyArray<string>): string | null => {
  const [name, ...rest] = path
  if (name === undefined) return typeof value === 'string' ? value : null
  return pipe(
    fieldsOf(value),
    E.match(
      () => null,
      (fields) => textAt(fields.json(name) ?? null, ...rest)
    )
  )
}

/** The work that must happen once for each delivery: it reads the payload, and says what it is about. */
export const summarise = ({ id, event, body }: Delivery): Summary => {
  const payload: Json = JSON.parse(body)
  return {
    delivery: id,
    event,
    action: textAt(payload, 'action'),
    repository: textAt(payload, 'repository', 'full_name') ?? textAt(payload, 'organization', 'login'),
    sender: textAt(payload, 'sender', 'login'),
    bytes: Buffer.byteLength(body)
  }
}
