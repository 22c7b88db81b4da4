import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { OutcomeInput } from '../../../application/requests/requests.ts'
import type { Json } from '../../../domain/json.ts'
import { fieldsOf } from '../shape/fields.ts'
import type { Delivery } from './delivery.ts'

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
export const summarise = ({ id, event, body }: Delivery, completedAtMs: number): OutcomeInput => {
  const payload: Json = JSON.parse(body)
  const repository = textAt(payload, 'repository', 'full_name') ?? textAt(payload, 'organization', 'login')
  return {
    outcomeKind: 'processed',
    // said here, so that it is one and the same under both keys
    completedAtMs,
    // tells a replay of this very delivery from that of another one with the same body
    primaryRefKind: 'delivery',
    primaryRefId: id,
    ...(repository === null ? {} : { secondaryRefKind: 'repository', secondaryRefId: repository }),
    details: {
      event,
      action: textAt(payload, 'action'),
      repository,
      sender: textAt(payload, 'sender', 'login'),
      bytes: Buffer.byteLength(body)
    }
  }
}
