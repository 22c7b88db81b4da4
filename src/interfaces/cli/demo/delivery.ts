import type { OnceKey } from '../../../application/effects/once-options.ts'
import type { TenantInput } from '../../../application/requests/requests.ts'

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

/** What the keys are used for: one tells deliveries apart, the other bodies. */
export const operation = { delivery: 'github.webhook', body: 'github.webhook.body' } as const

/** The two keys of a delivery: its id, and its body's digest under whatever id it comes. */
export const keysOf = ({ id, host, digest }: Delivery): readonly [byId: OnceKey, byBody: OnceKey] => {
  const tenant: TenantInput = { orgId: 'github', workspaceId: host, source: 'explicit' }
  return [
    { tenant, operation: operation.delivery, key: id, requestFingerprint: digest, firstSeenEventId: id },
    { tenant, operation: operation.body, key: digest, requestFingerprint: digest }
  ]
}

/** A GUID from a fingerprint: the same delivery has the same id in every run. */
export const guid = (fingerprint: string): string =>
  fingerprint.replace(/^sha256:/, '').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
