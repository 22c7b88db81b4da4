import * as E from 'fp-ts/Either'
import type { RecordedEvent, StoreError } from '../../../application/ports/event-store.ts'
import { failure } from '../../../domain/failure.ts'
import { packed } from '../codec/event-body.ts'
import { streamName } from '../codec/stream-name.ts'
import type { Connection } from '../connection.ts'
import { insert, insertAfter } from '../schema-2/schema-2.ts'
import { isOutOfPlace } from '../to-store-error.ts'
import type { Pages } from './events-in.ts'
import type { Progress } from './progress.ts'

const outOfPlace = ({ revision, position }: RecordedEvent): StoreError =>
  failure(
    'CorruptStream',
    `revision ${revision}, at position ${position} of the file, follows on no event of its stream: the file is damaged`
  )

/** Writes events in the order of the log, each at the position that it has. */
export const copyEvents = async (
  pages: Pages,
  connection: Connection,
  { add }: Progress
): Promise<StoreError | undefined> => {
  const inserting = connection.prepare(insert)
  const insertingAfter = connection.prepare(insertAfter)

  const write = (event: RecordedEvent): StoreError | undefined => {
    const { stream, recordedAtMs } = event
    const [position, revision] = [Number(event.position), Number(event.revision)]
    const name = streamName(stream)
    const { type, body } = packed(event, stream, revision === 0)
    try {
      if (revision === 0) inserting.run([position, position, 0, name, type, recordedAtMs, body])
      else insertingAfter.run([name, position, revision, type, recordedAtMs, body])
      return undefined
    } catch (cause) {
      if (isOutOfPlace(cause)) return outOfPlace(event)
      throw cause
    }
  }

  for (const page of pages()) {
    if (E.isLeft(page)) return page.left
    for (const event of page.right) {
      const fault = write(event)
      if (fault !== undefined) return fault
    }
    const broken = await add(page.right.length)
    if (broken !== undefined) return broken
  }
  return undefined
}
