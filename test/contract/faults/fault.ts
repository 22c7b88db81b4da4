import * as E from 'fp-ts/Either'
import type {
  Append,
  AppendFailure,
  EventStore,
  LogPage,
  RecordedEvent,
  SubscriptionMessage
} from '../../../src/application/ports/event-store.ts'
import { nextRevision } from '../../../src/domain/expected-revision.ts'

/** A fault that an adapter may well have, made out of a store that is right. */
export type Fault = (store: EventStore) => EventStore

/** What is wrong, and a topic of the contract that finds it out. */
export type NamedFault = readonly [fault: string, topic: string, make: Fault]

/** The last event of a stream. */
export const tailOf = async (store: EventStore, stream: string): Promise<RecordedEvent | undefined> => {
  const read = await store.readStream(stream, 'backwards', 'end', 1)()
  return E.isRight(read) ? read.right[0] : undefined
}

/** Appends are judged by `how` in place of the store. */
export const appending =
  (how: (store: EventStore, append: Append) => ReturnType<ReturnType<EventStore['append']>>): Fault =>
  (store) => ({ ...store, append: (append) => () => how(store, append) })

/** What an append fails with is changed, or is success after all. */
export const failing = (change: (failed: AppendFailure, append: Append) => AppendFailure | undefined): Fault =>
  appending(async (store, append) => {
    const result = await store.append(append)()
    if (E.isRight(result)) return result
    const changed = change(result.left, append)
    return changed === undefined ? E.right({ revision: nextRevision(append.expected) }) : E.left(changed)
  })

/** What is read of a stream is changed. */
export const reading =
  (
    change: (
      events: ReadonlyArray<RecordedEvent>,
      ...what: Parameters<EventStore['readStream']>
    ) => ReadonlyArray<RecordedEvent>
  ): Fault =>
  (store) => ({
    ...store,
    readStream:
      (...what) =>
      async () =>
        E.map((events: ReadonlyArray<RecordedEvent>) => change(events, ...what))(await store.readStream(...what)())
  })

/** A page of the log is changed. */
export const paging =
  (change: (page: LogPage, ...what: Parameters<EventStore['readAll']>) => LogPage): Fault =>
  (store) => ({
    ...store,
    readAll:
      (...what) =>
      async () =>
        E.map((page: LogPage) => change(page, ...what))(await store.readAll(...what)())
  })

export type Messages = ReturnType<EventStore['subscribe']>

/** What a subscription delivers is changed. */
export const subscribing =
  (
    change: (messages: Messages, options: Parameters<EventStore['subscribe']>[0], store: EventStore) => Messages
  ): Fault =>
  (store) => ({ ...store, subscribe: (options) => change(store.subscribe(options), options, store) })

/** Whether a message is of a kind. */
export const is = (message: E.Either<unknown, SubscriptionMessage>, tag: SubscriptionMessage['_tag']): boolean =>
  E.isRight(message) && message.right._tag === tag
