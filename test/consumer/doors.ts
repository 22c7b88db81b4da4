// Every store has two doors, named alike: one gives a promise, one a TaskEither.
import { createLedger, type EventStore, KeyfoldError } from 'keyfold'
import { openMemoryStore, openMemoryStoreTaskEither } from 'keyfold/memory'
import { openSqliteStore, openSqliteStoreTaskEither } from 'keyfold/sqlite'

const used = async (store: EventStore): Promise<string> => {
  const ledger = createLedger({ store })
  const tenant = { orgId: 'acme', workspaceId: 'shop' }
  const answer = await ledger.reserve({
    tenant,
    operation: 'op',
    key: 'k',
    owner: 'me',
    requestFingerprint: 'f',
    lease: 1000
  })
  await ledger.dispose()
  await store.dispose()
  return answer._tag
}

const tagOf = (cause: unknown): string => (cause instanceof KeyfoldError ? cause.tag : 'no failure of keyfold')

export const run = async (folder: string): Promise<unknown> => {
  const memory = await openMemoryStoreTaskEither()()
  const sqlite = await openSqliteStoreTaskEither({ file: `${folder}/two.db` })()
  return [
    await used(await openMemoryStore()),
    memory._tag === 'Right' && (await used(memory.right)),
    await used(await openSqliteStore({ file: `${folder}/one.db` })),
    sqlite._tag === 'Right' && (await used(sqlite.right)),
    await openSqliteStore({ file: folder }).catch(tagOf),
    await openSqliteStoreTaskEither({ file: folder })().then((opened) => opened._tag === 'Left' && opened.left._tag),
    // @ts-expect-error a time is no text
    await openMemoryStore({ now: '7' }).catch(tagOf)
  ]
}
