import { createLedger, jsonFingerprint } from 'keyfold'
import { openSqliteStore } from 'keyfold/sqlite'

const store = await openSqliteStore({ file: 'payments.db' })
const ledger = createLedger({ store })

const pay = async (key: string, order: { amount: number }) => {
  const answer = await ledger.reserve({
    tenant: { orgId: 'acme', workspaceId: 'shop' },
    operation: 'payment.charge',
    key,
    owner: 'web-1',
    requestFingerprint: jsonFingerprint(order),
    lease: 30_000
  })
  if (answer._tag === 'Duplicate') return answer.record.outcome ?? 'in flight: ask again'
  if (answer._tag !== 'Reserved') return 'this key was used for another request'
  const details = { charged: order.amount }
  await ledger.complete({ claim: answer.claim, outcome: { outcomeKind: 'charged', details } })
  return details
}

// the end of what the documentation shows

export { pay, store }
