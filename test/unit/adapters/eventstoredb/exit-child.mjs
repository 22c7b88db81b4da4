// Run as a process of its own, from the built package: uses a store in every way, disposes of it while most of that
// still runs, and does nothing to end itself. Prints what it sees.
import { randomUUID } from 'node:crypto'
import { EventStoreDBClient } from '@eventstore/db-client'
import { openEventStoreDbStore } from 'keyfold/eventstoredb'

const [, , connectionString, owner, deadlineMs] = process.argv
const connection =
  owner === 'caller' ? { client: EventStoreDBClient.connectionString(connectionString) } : { connectionString }
const store = await openEventStoreDbStore({ ...connection, deadlineMs: Number(deadlineMs) })
const prefix = `exit_${randomUUID()}`
const append = () =>
  store.append({
    stream: `${prefix}-${randomUUID()}`,
    expected: { _tag: 'NoStream' },
    events: [{ id: randomUUID(), type: 'T', data: '{}', metadata: '{}' }]
  })()

const first = await append()
console.log(`append: ${first._tag === 'Right' ? 'written' : first.left.error._tag}`)

const messages = store.subscribe({ after: 'start', streamPrefix: prefix })[Symbol.asyncIterator]()
const { value } = await messages.next()
console.log(`subscription: ${value._tag === 'Right' ? value.right._tag : value.left._tag}`)

// nobody waits for any of these, nor takes a message from the first subscription again
const waiting = store.subscribe({ after: 'start', streamPrefix: 'nothing' })[Symbol.asyncIterator]()
const running = [append(), append(), store.readAll('start', prefix, 1000)(), waiting.next(), waiting.next()]
await new Promise((resolve) => setTimeout(resolve, 50))
await Promise.all([store.dispose(), store.dispose()])
console.log('disposed')
await Promise.all(running)
console.log('nothing is left waiting')
