import * as E from 'fp-ts/Either'
import type { RecordedEvent, StoreError } from '../../../application/ports/event-store.ts'
import { failure } from '../../../domain/failure.ts'
import type { Pages } from './events-in.ts'
import type { Progress } from './progress.ts'

function* oneByOne(pages: Pages): Generator<E.Either<StoreError, RecordedEvent>, undefined> {
  for (const page of pages()) {
    if (E.isLeft(page)) yield page
    else for (const event of page.right) yield E.right(event)
  }
}

const isSame = (a: RecordedEvent, b: RecordedEvent): boolean =>
  a.position === b.position &&
  a.stream === b.stream &&
  a.revision === b.revision &&
  a.id === b.id &&
  a.type === b.type &&
  a.data === b.data &&
  a.metadata === b.metadata &&
  a.recordedAtMs === b.recordedAtMs

const differs = (position: string): StoreError =>
  failure('StoreUnavailable', `the file was not migrated: what was written for position ${position} reads otherwise`)

/** Reads what was written, and compares it with what it was written from, event by event to the last. */
export const verifyCopy = async (before: Pages, after: Pages, { add }: Progress): Promise<StoreError | undefined> => {
  const copies = oneByOne(after)
  for (const page of before()) {
    if (E.isLeft(page)) return page.left
    for (const event of page.right) {
      const copy = copies.next().value
      if (copy === undefined || E.isLeft(copy) || !isSame(event, copy.right)) return differs(event.position)
    }
    const broken = await add(page.right.length)
    if (broken !== undefined) return broken
  }
  const more = copies.next().value
  return more === undefined ? undefined : E.isLeft(more) ? more.left : differs(more.right.position)
}
