import * as E from 'fp-ts/Either'
import type { LogPage, Position, StoreError } from '../../../application/ports/event-store.ts'
import { failure } from '../../../domain/failure.ts'
import type { Context } from '../client/client.ts'
import { fromPosition, isAfter, type LogPosition, toPosition } from '../read/position.ts'
import { readAll } from '../read/read-all.ts'

/** What a look at the log tells about a subscription that is silent. */
export type Sight = {
  readonly is: 'atEnd' | 'notAtEnd' | 'missing'
  /** The last event that was seen: whatever lies up to there has been delivered, or is foreign. */
  readonly upTo: LogPosition | 'start'
}

/** Looks at the log where a subscription says nothing. Remembers how far it looked. */
export type Lookout = (delivered: LogPosition | 'start') => Promise<E.Either<StoreError, Sight>>

const silent: StoreError = failure('StoreTimeout', 'the subscription does not deliver what the log holds')

/**
 * A silent subscription has either delivered everything or died. Servers before 23.10 never say that a subscription has
 * caught up, a filter that matches nothing may yield no checkpoint, and a half-open connection says nothing at all: so
 * the rest of the log is read. An event that still is not delivered the next time is an error.
 */
export const lookout = (context: Context, streamPrefix: string): Lookout => {
  let looked: LogPosition | 'start' = 'start'
  let awaited: LogPosition | undefined
  const onward = (position: Position | 'start'): void => {
    const parsed = fromPosition(position)
    if (E.isRight(parsed)) looked = parsed.right
  }
  return async (delivered) => {
    if (awaited && isAfter(awaited, delivered)) return E.left(silent)
    awaited = undefined
    if (delivered !== 'start' && isAfter(delivered, looked)) looked = delivered
    const from = looked === 'start' ? 'start' : toPosition(looked)
    const page: E.Either<StoreError, LogPage> = await readAll(context)(from, streamPrefix, 1)()
    if (E.isLeft(page)) return page
    const [first] = page.right.events
    if (first) {
      const position = fromPosition(first.position)
      if (E.isRight(position) && position.right !== 'start') awaited = position.right
      return E.right({ is: 'missing', upTo: delivered })
    }
    onward(page.right.next)
    return E.right({ is: page.right.atEnd ? 'atEnd' : 'notAtEnd', upTo: looked })
  }
}
