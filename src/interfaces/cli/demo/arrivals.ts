import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { type Failure, failure } from '../../../domain/failure.ts'
import type { CliDeps } from '../deps.ts'
import { type Delivery, guid, operation, tenantOf } from './delivery.ts'

type Made = E.Either<Failure, Delivery>

/** The delivery with another body under its id. */
export const tampered =
  ({ fingerprint }: Pick<CliDeps, 'fingerprint'>) =>
  (delivery: Delivery): Made => {
    const body = JSON.stringify({ ...JSON.parse(delivery.body), tampered: true })
    return pipe(
      fingerprint([body]),
      E.map((digest) => ({ ...delivery, body, digest }))
    )
  }

/** The delivery's body under an id that nobody used. */
export const renamed =
  ({ fingerprint }: Pick<CliDeps, 'fingerprint'>) =>
  (delivery: Delivery): Made =>
    pipe(
      fingerprint(['another delivery', delivery.id]),
      E.map((id) => ({ ...delivery, id: guid(id) }))
    )

/**
 * The delivery whose worker is killed: one whose body nobody else has, and whose id is claimed before its digest, so
 * that its key's timeline shows all that came.
 */
export const pickCrashed = (deps: Pick<CliDeps, 'recordId'>, deliveries: ReadonlyArray<Delivery>): Made => {
  const bodies = new Map<string, number>()
  const named = ({ host, digest }: Delivery): string => `${host} ${digest}`
  for (const delivery of deliveries) bodies.set(named(delivery), (bodies.get(named(delivery)) ?? 0) + 1)
  const found = deliveries.find((delivery) => {
    const ids = E.sequenceArray([
      deps.recordId(tenantOf(delivery), operation.delivery, delivery.id),
      deps.recordId(tenantOf(delivery), operation.body, delivery.digest)
    ])
    const [id = '', digestId = ''] = E.isRight(ids) ? ids.right : []
    return bodies.get(named(delivery)) === 1 && id < digestId && delivery.event === 'push'
  })
  return E.fromNullable(failure('InvalidInput', 'the examples hold no push event'))(found)
}
