import * as E from 'fp-ts/Either'
import type { TaskLedger } from '../../../application/ledger.ts'
import type { Failure } from '../../../domain/failure.ts'
import type { Json } from '../../../domain/json.ts'
import type { Delivery } from './deliveries.ts'

/** How a delivery was answered, for the summary. */
export type Seen =
  | 'processed'
  | 'redelivery: answered with the first outcome'
  | 'redelivery: still in flight'
  | 'same body under another id: first outcome'
  | 'tampered body under a used id: conflict'

export const operation = { delivery: 'github.delivery', body: 'github.body' } as const

export const tenantOf = ({ host }: Pick<Delivery, 'host'>) =>
  ({ orgId: 'github', workspaceId: host, source: 'explicit' }) as const

const leaseMs = 60_000

/** The work that must happen once: it reads the body and says what it is about. */
const work = ({ event, body }: Delivery): Json => {
  const payload = JSON.parse(body)
  return {
    event,
    action: payload.action ?? null,
    repository: payload.repository?.full_name ?? null,
    sender: payload.sender?.login ?? null,
    bytes: body.length
  }
}

/**
 * Receives one delivery as a webhook endpoint would: claims its id and its body's digest, works, completes both. The
 * digest goes by the body alone, the id by event and body.
 */
export const receive =
  (ledger: TaskLedger, fingerprint: (parts: ReadonlyArray<string>) => string) =>
  async (delivery: Delivery): Promise<E.Either<Failure, { readonly seen: Seen; readonly outcome?: Json }>> => {
    const tenant = tenantOf(delivery)
    const owner = 'demo'
    const digest = fingerprint([delivery.event, delivery.body])
    const claimed = await ledger.reserveAll([
      { tenant, operation: operation.delivery, key: delivery.id, owner, requestFingerprint: digest, lease: leaseMs },
      { tenant, operation: operation.body, key: digest, owner, requestFingerprint: digest, lease: leaseMs }
    ])()
    if (E.isLeft(claimed)) return claimed
    const answer = claimed.right
    if (answer._tag === 'AllReserved') {
      const details = work(delivery)
      const claims = answer.reservations.map(({ claim }) => claim)
      const completed = await ledger.completeAll({ claims, outcome: { outcomeKind: 'processed', details } })()
      return E.map(() => ({ seen: 'processed' as const, outcome: details }))(completed)
    }
    if (answer.answer._tag === 'Conflict') return E.right({ seen: 'tampered body under a used id: conflict' })
    if (answer.answer._tag === 'Gone') return E.right({ seen: 'redelivery: still in flight' })
    const { outcome } = answer.answer.record
    if (outcome === undefined) return E.right({ seen: 'redelivery: still in flight' })
    // which key blocked first goes by record id; whether the id itself is known is what tells the two apart
    const known = await ledger.get({ tenant, operation: operation.delivery, key: delivery.id })()
    if (E.isLeft(known)) return known
    return E.right({
      seen:
        known.right === undefined
          ? 'same body under another id: first outcome'
          : 'redelivery: answered with the first outcome',
      outcome: outcome.details
    })
  }
