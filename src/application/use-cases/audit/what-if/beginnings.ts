import * as E from 'fp-ts/Either'
import type { Failure } from '../../../../domain/failure.ts'
import { keyStream } from '../../../../domain/identity.ts'
import type { LogPage, RecordedEvent } from '../../../ports/event-store.ts'
import type { Settings } from '../../../settings.ts'
import { genesisHash } from '../../../stream/event-text.ts'
import { unread } from '../../../stream/following-streams.ts'

/** A stream that may begin on a page of the log, and the revisions there that it may begin with. */
export type Beginning = {
  readonly stream: string
  readonly revisions: ReadonlySet<bigint>
  /** Whether one of them says so by itself; of the others only the stream can tell. */
  readonly isSure: boolean
}

/** The streams that may begin on a page, also with what the store cannot read there. One that was deleted may begin anew above revision 0: see `mayBegin`. */
export const beginningsOn = ({ store, sha256, category }: Settings, page: LogPage): ReadonlyArray<Beginning> => {
  const isKeyStream = keyStream(category)
  const goesOn = store.continuesAfterDelete === true
  const isSure = ({ stream, revision, metadata }: RecordedEvent): boolean =>
    revision === 0n || (goesOn && metadata.includes(`"previousHash":"${genesisHash(sha256, stream)}"`))
  const found = new Map<string, { readonly revisions: Set<bigint>; readonly isSure: boolean }>()
  const add = (stream: string, revision: bigint, sure: boolean): void => {
    const { revisions = new Set<bigint>(), isSure: was = false } = found.get(stream) ?? {}
    found.set(stream, { revisions: revisions.add(revision), isSure: was || sure })
  }
  for (const event of page.events) {
    const { stream, revision, type } = event
    if (!isKeyStream(stream)) continue
    const sure = isSure(event)
    if (sure || (goesOn && (type === 'Reserved' || type === 'Imported'))) add(stream, revision, sure)
  }
  for (const { stream, revision } of page.unreadable ?? []) {
    if (stream !== undefined && revision === 0n && isKeyStream(stream)) add(stream, revision, true)
  }
  return [...found].map(([stream, rest]) => ({ stream, ...rest }))
}

/**
 * Whether a stream as it is now begins there. A log may hold what was deleted as well as what came after it: without a look
 * at the stream it would be taken for two, or for none.
 */
export const beginsThere = async (
  { store }: Pick<Settings, 'store'>,
  { stream, revisions, isSure }: Beginning
): Promise<E.Either<Failure, boolean>> => {
  if (store.continuesAfterDelete !== true) return E.right(isSure)
  const read = await store.readStream(stream, 'forwards', 0n, 1)()
  if (E.isLeft(read)) return unread(read.left)._tag === 'Failed' ? read : E.right(isSure)
  const [first] = read.right
  return E.right(first !== undefined && revisions.has(first.revision))
}
