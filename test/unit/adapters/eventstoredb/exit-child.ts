import { randomUUID } from 'node:crypto'
import { noStream } from '../../../../src/domain/expected-revision.ts'
import { openEventStoreDbStore } from '../../../../src/eventstoredb.ts'

// Run as a process of its own: uses a store in every way, disposes of it while some of that still runs, and does
// nothing to end itself. Prints what the append came to.
const [, , connectionString = ''] = process.argv
const store = await openEventStoreDbStore({ connectionString, deadlineMs: 500 })
const event = { id: randomUUID(), type: 'T', data: '{}', metadata: '{}' }
const appended = await store.append({ stream: `exit-idem_${randomUUID()}`, expected: noStream, events: [event] })()
const follow = async (): Promise<void> => {
  for await (const _ of store.subscribe({ after: 'start', streamPrefix: 'exit-idem_' }));
}
void follow()
void store.readAll('start', 'exit-idem_', 100)()
await new Promise((resolve) => setTimeout(resolve, 50))
await store.dispose()
console.log(appended._tag)
