import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { asyncDisposable } from '../../application/ports/async-disposable.ts'
import type { EventStore, OpenedStore, StoreError } from '../../application/ports/event-store.ts'
import { invalidInput } from '../../domain/failure.ts'
import { appendToStream } from './append/append.ts'
import { confirmCurrent } from './calls/confirm-current.ts'
import { borrowedWire } from './client/borrowed-wire.ts'
import type { Context } from './client/client.ts'
import { hasClientInternals } from './client/client-internals.ts'
import { connect } from './client/connect.ts'
import { lifetime } from './client/lifetime.ts'
import { ownWire } from './client/own-wire.ts'
import { isRemoved } from './read/is-removed.ts'
import { readAll } from './read/read-all.ts'
import { readStream } from './read/read-stream.ts'
import { type EventStoreDbStoreOptions, optionsFault, settingsOf } from './store-options.ts'
import { subscribe } from './subscribe/subscribe.ts'

/** Short enough that a ledger with its ten seconds can try an append again whose answer never came. */
const defaultDeadlineMs = 4000

const mebibyte = 1024 * 1024

/** Not only one of another version: a second copy of the same one makes messages that the first refuses. */
const anotherBuild = invalidInput(
  'the client is not of the @eventstore/db-client 6.2.1 that keyfold itself loads',
  '$.client'
)

/** The way to the server, and what the connection string says of the calls over it. */
type Way = Pick<Context, 'wire' | 'credentials'> & { readonly defaultDeadlineMs?: number }

const wayTo = (options: EventStoreDbStoreOptions): E.Either<StoreError, Way> => {
  if (options.client !== undefined) {
    const { client, credentials } = options
    return hasClientInternals(client)
      ? E.right({ wire: borrowedWire(client), ...(credentials && { credentials }) })
      : E.left(anotherBuild)
  }
  return pipe(
    connect(options.connectionString),
    E.flatMap(({ client, hosts, isCluster, credentials, options: asked }) => {
      if (!hasClientInternals(client)) return E.left(anotherBuild)
      const wire = ownWire(client, { seeds: hosts, isCluster, ...asked })
      const { defaultDeadlineMs } = asked
      return E.right({ wire, ...(credentials && { credentials }), ...(defaultDeadlineMs && { defaultDeadlineMs }) })
    })
  )
}

/**
 * Opens a store on EventStoreDB or KurrentDB. Nothing is sent before the first call: a server that cannot be reached is
 * told by that call. Fails with `InvalidInput` where the connection string or an option makes no sense.
 */
export const openEventStoreDbStoreTaskEither = (
  options: EventStoreDbStoreOptions
): TE.TaskEither<StoreError, OpenedStore> =>
  TE.fromIOEither(() => {
    const wrong = optionsFault(options)
    if (wrong !== undefined) return E.left(wrong)
    return pipe(
      wayTo(options),
      E.map(({ wire, credentials, defaultDeadlineMs: configured }) => {
        const life = lifetime()
        const context: Context = {
          wire,
          deadlineMs: options.deadlineMs ?? configured ?? defaultDeadlineMs,
          maxAppendBytes: options.maxAppendBytes ?? mebibyte,
          lifetime: life,
          ...(credentials && { credentials })
        }
        const store: EventStore = {
          append: appendToStream(context),
          readStream: readStream(context),
          isRemoved: isRemoved(context),
          ...(wire.toLeader && { confirmCurrent: confirmCurrent(context, wire.toLeader) }),
          readAll: readAll(context),
          subscribe: subscribe(context, settingsOf(options.subscriptions)),
          maxAppendBytes: context.maxAppendBytes,
          continuesAfterDelete: true,
          dispose: async () => {
            life.end()
            wire.close()
          }
        }
        return asyncDisposable(store, (it) => it.dispose())
      })
    )
  })
