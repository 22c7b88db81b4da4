import type { ReserveRequest } from '../../src/index.ts'

export const tenant = { orgId: 'acme', workspaceId: 'shop', source: 'explicit' } as const

/** A reserve as an application sends it. */
export const requestFor = (key: string): ReserveRequest => ({
  tenant,
  operation: 'payment.charge',
  key,
  owner: 'worker-1',
  requestFingerprint: 'sha256:7f83b1657ff1fc53b92dc18148a1d65dfc2d4b1fa3d677284addd200126d9069',
  lease: 60_000
})

export const outcome = {
  outcomeKind: 'charged',
  primaryRefKind: 'charge',
  primaryRefId: 'ch_3PqLxA2eZvKYlo2C1gQ8k9fT',
  details: { amount: 4200, currency: 'EUR', lines: [1, 2, 3] }
} as const
