// What is opened is disposed of at the end of its block, the ledger before its store.
import { createLedger, type EventStore, type OpenedStore } from 'keyfold'
import { openMemoryStore } from 'keyfold/memory'
import { openSqliteStore } from 'keyfold/sqlite'

const afterUse = async (open: () => Promise<OpenedStore>): Promise<string> => {
  const kept: Array<OpenedStore> = []
  {
    await using store = await open()
    await using ledger = createLedger({ store })
    kept.push(store)
    await ledger.list().catch(() => undefined)
  }
  const read = await kept[0]?.readStream('a-stream', 'forwards', 'start', 1)()
  return read?._tag === 'Left' ? `${read.left._tag}: ${read.left.message}` : 'still open'
}

/** A copy with an end of its own is disposed of by that. */
const wrapped = async (): Promise<ReadonlyArray<string>> => {
  const told: Array<string> = []
  const real = await openMemoryStore()
  {
    await using store = { ...real, dispose: async () => void told.push('my own') }
    told.push(typeof store.append)
  }
  return told
}

/** A store of one's own needs no such method. */
const own = ({ append, readStream, readAll, subscribe, dispose }: EventStore): EventStore => ({
  append,
  readStream,
  readAll,
  subscribe,
  dispose
})

export const run = async (folder: string): Promise<unknown> => {
  await using ledger = createLedger({ store: own(await openMemoryStore()) })
  return [
    await afterUse(() => openMemoryStore()),
    await afterUse(() => openSqliteStore({ file: `${folder}/using.db` })),
    await wrapped(),
    await ledger.list()
  ]
}
