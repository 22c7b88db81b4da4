import { existsSync } from 'node:fs'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { memoryStore } from '../adapters/memory/event-store.ts'
import type { EventStore } from '../application/ports/event-store.ts'
import { type Failure, failure, invalidInput } from '../domain/failure.ts'

type Opener = (address: string, make: boolean) => TE.TaskEither<Failure, EventStore>

const sqlite: Opener = (address, make) => {
  const file = address.slice('sqlite:'.length)
  if (file === '') return TE.left(invalidInput('--store sqlite: needs the name of a file'))
  if (!make && !existsSync(file)) return TE.left(failure('StoreUnavailable', `there is no store at ${file} yet`))
  // loaded on demand: the driver is native code that other stores do without
  return pipe(
    TE.tryCatch(
      () => import('../adapters/sqlite/event-store.ts'),
      (cause) => failure('StoreUnavailable', 'the SQLite driver could not be loaded', { cause })
    ),
    TE.flatMap(({ sqliteStore }) => sqliteStore({ file }))
  )
}

/** Nothing here may repeat the address: it can hold a password. */
const eventStoreDb: Opener = (address) =>
  pipe(
    TE.tryCatch(
      () => import('../adapters/eventstoredb/event-store.ts'),
      (cause) =>
        failure('StoreUnavailable', 'esdb: addresses need the package @eventstore/db-client beside keyfold', { cause })
    ),
    TE.flatMap(({ eventStoreDbStore }) => eventStoreDbStore({ connectionString: address }))
  )

const openers: ReadonlyArray<readonly [RegExp, Opener]> = [
  [/^memory:$/, () => TE.fromIO(() => memoryStore())],
  [/^sqlite:/, sqlite],
  [/^(esdb|kurrentdb|kurrent|kdb)(\+discover)?:\/\//i, eventStoreDb]
]

/**
 * Opens the store at an address: `sqlite:FILE`, `memory:` or `esdb://…`. Without `make`, a file that is not there is
 * `StoreUnavailable` in place of an empty store: a name mistyped must not read as "never seen".
 */
export const openStore = (address: string, make: boolean): TE.TaskEither<Failure, EventStore> => {
  const [, open] = openers.find(([form]) => form.test(address)) ?? []
  return open === undefined
    ? TE.fromEither(E.left(invalidInput('--store must be sqlite:FILE, memory: or esdb://…')))
    : open(address, make)
}
