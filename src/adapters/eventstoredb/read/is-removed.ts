import * as E from 'fp-ts/Either'
import type { IsRemoved, RecordedEvent, StoreError } from '../../../application/ports/event-store.ts'
import type { Context } from '../client/client.ts'
import { readEvents } from './read-stream.ts'

/** What hides events of a stream, in its metadata. Nothing is hidden by what is not as the server writes it. */
const hides = (metadata: string, revision: bigint): boolean => {
  try {
    const fields: unknown = JSON.parse(metadata)
    const numberIn = (name: string): number => {
      const value: unknown = typeof fields === 'object' && fields !== null ? Reflect.get(fields, name) : undefined
      return typeof value === 'number' ? value : 0
    }
    // what is old, or many, cannot be told from here
    return numberIn('$tb') > revision || numberIn('$maxAge') > 0 || numberIn('$maxCount') > 0
  } catch {
    return false
  }
}

const whyNot = (error: StoreError): StoreError =>
  error._tag === 'AccessDenied'
    ? {
        ...error,
        message:
          'the server denies access to what it was told of the stream: the user needs the right to read its metadata ($mr)'
      }
    : error

/** A soft delete, and limits that an operator set, stand in the metadata of the stream: in a stream of their own. */
export const isRemoved =
  (context: Context): IsRemoved =>
  (stream, revision, withinMs) =>
  async () => {
    const read = await readEvents(context)(`$$${stream}`, 'backwards', 'end', 1, withinMs)()
    return E.bimap(
      whyNot,
      ([last]: ReadonlyArray<RecordedEvent>) => last !== undefined && hides(last.data, revision)
    )(read)
  }
