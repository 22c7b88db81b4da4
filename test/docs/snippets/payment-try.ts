import { createLedger } from 'keyfold'
import { openSqliteStore } from 'keyfold/sqlite'
import { pay } from './payment.ts'
import { paymentProvider } from './payment-provider.ts'

await using store = await openSqliteStore({ file: 'payments.db' })
await using ledger = createLedger({ store })
const provider = paymentProvider()

const order = { id: 'order-1', amount: 10 }
const twice = await Promise.all([pay(ledger, provider, order), pay(ledger, provider, order)])
console.log(twice.map(({ _tag }) => _tag).toSorted())
console.log(await pay(ledger, provider, { ...order, amount: 99 }).then(({ _tag }) => _tag))

const dear = { id: 'order-2', amount: 5000 }
console.log(await pay(ledger, provider, dear).then(({ _tag }) => _tag))
console.log(await pay(ledger, provider, dear).then(({ _tag }) => _tag))

const lost = { id: 'order-3', amount: 20 }
const broken = { ...provider, charge: () => Promise.reject(new Error('the connection was lost')) }
console.log(await pay(ledger, broken, lost).then(({ _tag }) => _tag))
console.log(await pay(ledger, provider, lost).then(({ _tag }) => _tag))

console.log(provider.charges.size, provider.receipts)
