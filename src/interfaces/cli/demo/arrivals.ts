import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { type Failure, failure } from '../../../domain/failure.ts'
import type { CliDeps } from '../deps.ts'
import { type Delivery, guid, keysOf } from './delivery.ts'

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
 * The delivery whose worker is killed, and the one whose connection is lost: pushes whose bodies nobody else has, and whose
 * ids are claimed before their digests, so that their keys' timelines show all that came.
 */
export const pickUnlucky = (
  { recordId }: Pick<CliDeps, 'recordId'>,
  deliveries: ReadonlyArray<Delivery>
): E.Either<Failure, readonly [crashed: Delivery, doubtful: Delivery]> => {
  const bodies = new Map<string, number>()
  const named = ({ host, digest }: Delivery): string => `${host} ${digest}`
  for (const delivery of deliveries) bodies.set(named(delivery), (bodies.get(named(delivery)) ?? 0) + 1)
  const [crashed, doubtful] = deliveries.filter((delivery) => {
    if (delivery.event !== 'push' || bodies.get(named(delivery)) !== 1) return false
    const ids = E.traverseArray(({ tenant, operation, key }: ReturnType<typeof keysOf>[number]) =>
      recordId(tenant, operation, key)
    )(keysOf(delivery))
    const [byId = '', byBody = ''] = E.isRight(ids) ? ids.right : []
    return byId < byBody
  })
  return crashed && doubtful
    ? E.right([crashed, doubtful])
    : E.left(failure('InvalidInput', 'the examples hold no two push events'))
}
