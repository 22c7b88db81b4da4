import type { ReserveAllRequest, TenantInput } from '../../../application/requests/requests.ts'

/** One webhook delivery as an endpoint receives it. */
export type Delivery = {
  /** A GUID, as in GitHub's header `X-GitHub-Delivery`. */
  readonly id: string
  /** Whose GitHub it comes from: `api.github.com`, or one of the enterprise servers. */
  readonly host: string
  readonly event: string
  readonly body: string
  /** The fingerprint of the body's bytes. */
  readonly digest: string
}

export const tenantOf = ({ host }: Pick<Delivery, 'host'>): TenantInput => ({
  orgId: 'github',
  workspaceId: host,
  source: 'explicit'
})

/** What the keys are used for: one tells deliveries apart, the other bodies. */
export const operation = { delivery: 'github.webhook', body: 'github.webhook.body' } as const

/** Long against the work, and short enough to be waited for where a holder is gone. */
export const leaseMs = 5_000

/** The two keys of a delivery: its id, and its body's digest under whatever id it comes. */
export const requestsFor = (
  delivery: Delivery,
  owner: string,
  nowMs: number | undefined
): readonly [ReserveAllRequest, ReserveAllRequest] => {
  const common = { tenant: tenantOf(delivery), owner, requestFingerprint: delivery.digest, lease: leaseMs, nowMs }
  return [
    { ...common, operation: operation.delivery, key: delivery.id, firstSeenEventId: delivery.id },
    { ...common, operation: operation.body, key: delivery.digest }
  ]
}

/** A GUID from a fingerprint: the same delivery has the same id in every run. */
export const guid = (fingerprint: string): string =>
  fingerprint.replace(/^sha256:/, '').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
