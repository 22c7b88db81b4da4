import { statSync } from 'node:fs'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { memoryStore } from '../adapters/memory/event-store.ts'
import type { OnMigration } from '../adapters/sqlite/migration/progress.ts'
import type { EventStore } from '../application/ports/event-store.ts'
import { type Failure, failure, invalidInput } from '../domain/failure.ts'
import { quoted } from '../domain/text.ts'

/** What is said of an address that is none of these; the address itself could hold a password. */
const known = 'sqlite:FILE, memory:, esdb://… or kurrentdb://…'

/** Where a store is, what that was given by, and whether one that is not there is made. */
export type StoreWanted = {
  readonly address: string
  readonly namedBy: string
  readonly make: boolean
  readonly onMigration?: OnMigration
}

/** What can only be meant as the name of a file; with a colon or an @ it may hold a password. */
const isFile = (address: string): boolean => /^[^:@]+$/.test(address)

type Opener = (wanted: StoreWanted) => TE.TaskEither<Failure, EventStore>

/** The first line says which module is missing; what follows is for whoever wrote the import. */
const notLoaded = (what: string, cause: unknown): Failure => {
  const [why = ''] = cause instanceof Error ? cause.message.split('\n') : []
  return failure('StoreUnavailable', `${what} could not be loaded: ${quoted(why)}`, { cause })
}

/** 0 where there is nothing; what cannot be looked at, or is no file, is for the opening to tell. */
const sizeOf = (file: string): number | undefined => {
  try {
    const found = statSync(file, { throwIfNoEntry: false })
    return found === undefined ? 0 : found.isFile() ? found.size : undefined
  } catch {
    return undefined
  }
}

const sqlite: Opener = ({ address, make, onMigration }) => {
  const file = address.slice('sqlite:'.length)
  // a file of no bytes is no store either: it must not read as one that has seen nothing
  if (!make && sizeOf(file) === 0)
    return TE.left(failure('StoreUnavailable', `there is no store at ${quoted(file)} yet`))
  // loaded on demand: the driver is native code that other stores do without
  return pipe(
    TE.tryCatch(
      () => import('../adapters/sqlite/event-store.ts'),
      (cause) => notLoaded('the SQLite driver', cause)
    ),
    TE.flatMap(({ openSqliteStoreTaskEither }) =>
      openSqliteStoreTaskEither({ file, ...(onMigration && { onMigration }) })
    )
  )
}

/** Nothing here may repeat the address: it can hold a password. */
const eventStoreDb: Opener = ({ address }) =>
  pipe(
    TE.tryCatch(
      () => import('../adapters/eventstoredb/event-store.ts'),
      (cause) => notLoaded('the package @eventstore/db-client', cause)
    ),
    TE.flatMap(({ openEventStoreDbStoreTaskEither }) => openEventStoreDbStoreTaskEither({ connectionString: address }))
  )

const openers: ReadonlyArray<readonly [RegExp, Opener]> = [
  [/^memory:$/, () => TE.fromIO(() => memoryStore())],
  [/^sqlite:/, sqlite],
  [/^(esdb|kurrentdb|kurrent|kdb)(\+discover)?:\/\//i, eventStoreDb]
]

/** How to open what stands at an address, or why it is that of no store, whatever is there. */
export const openerFor = ({
  address,
  namedBy
}: Pick<StoreWanted, 'address' | 'namedBy'>): E.Either<Failure, Opener> => {
  const [, open] = openers.find(([form]) => form.test(address)) ?? []
  if (open === undefined) {
    const forFile = isFile(address) ? `; for a file: sqlite:${quoted(address)}` : ''
    return E.left(invalidInput(`${namedBy} must be ${known}${forFile}`))
  }
  if (address === 'sqlite:') return E.left(invalidInput(`${namedBy} sqlite: needs the name of a file`))
  // to some programs x.db in sqlite://x.db is a file here, to others it is a host, and to us it would be one in the root
  return address.startsWith('sqlite://')
    ? E.left(invalidInput(`${namedBy} sqlite:// means no file for certain: write sqlite:x.db, or sqlite:/folder/x.db`))
    : E.right(open)
}

/**
 * Opens the store at an address: `sqlite:FILE`, `memory:`, `esdb://…` or `kurrentdb://…`. Without `make`, a file that is
 * not there is `StoreUnavailable` in place of an empty store: a name mistyped must not read as "never seen".
 */
export const openStore = (wanted: StoreWanted): TE.TaskEither<Failure, EventStore> =>
  pipe(
    TE.fromEither(openerFor(wanted)),
    TE.flatMap((open) => open(wanted))
  )
