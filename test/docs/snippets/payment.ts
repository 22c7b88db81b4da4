import { jsonFingerprint, type Ledger, once } from 'keyfold'
import { CardDeclined, type PaymentProvider } from './payment-provider.ts'

export type Order = { readonly id: string; readonly amount: number }

export const pay = (ledger: Ledger, provider: PaymentProvider, order: Order) =>
  once(ledger, {
    tenant: { orgId: 'acme', workspaceId: 'shop' },
    operation: 'payment.charge',
    key: order.id,
    owner: 'web-1',
    requestFingerprint: jsonFingerprint(order),
    lease: 30_000,
    inFlight: { wait: 5000 },
    onThrow: (error) => (error instanceof CardDeclined ? 'definitive' : 'ambiguous')
  })(async ({ step, downstreamKey }) => {
    const chargeId = await step('charge', () => provider.charge(downstreamKey('charge'), order.amount))
    await step('receipt', () => provider.sendReceipt(chargeId))
    return { chargeId }
  })
