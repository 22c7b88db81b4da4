import * as E from 'fp-ts/Either'
import type { EventStore, LogPage, RecordedEvent, StoreError } from '../../src/application/ports/event-store.ts'

/** Every stream whose name begins so, as the log holds it; throws where a page cannot be read. */
export const readLog = async (
  store: EventStore,
  prefix: string
): Promise<ReadonlyMap<string, ReadonlyArray<RecordedEvent>>> => {
  const streams = new Map<string, Array<RecordedEvent>>()
  let after: string | 'start' = 'start'
  for (let atEnd = false; !atEnd; ) {
    const page: E.Either<StoreError, LogPage> = await store.readAll(after, prefix, 2000)()
    if (E.isLeft(page)) throw new Error(`the log cannot be read: ${page.left._tag}: ${page.left.message}`)
    const [unreadable] = page.right.unreadable ?? []
    if (unreadable !== undefined) throw new Error(`an event cannot be read: ${unreadable.error.message}`)
    for (const event of page.right.events) {
      const events = streams.get(event.stream)
      if (events === undefined) streams.set(event.stream, [event])
      else events.push(event)
    }
    after = page.right.next
    atEnd = page.right.atEnd
  }
  return streams
}
