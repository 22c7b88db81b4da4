import type { StoreError } from '../../../application/ports/event-store.ts'
import { type FailureTag, failure } from '../../../domain/failure.ts'

/** What an error of the client says about the call that it ended. */
export type Verdict = {
  readonly error: StoreError
  /** Whether it is certain that the call changed nothing. */
  readonly notWritten: boolean
  /** Whether another node or channel is taken by now, or one is awaited that leads. */
  readonly elsewhere: boolean
  /** Whether only the channel was closed under the call: that tells nothing of the server. */
  readonly superseded?: boolean
  /** Whether the same read would end in the same way: certainly, or where it has done so twice. */
  readonly lasting?: 'certainly' | 'twice'
  /** Whether it has done so. */
  readonly hasLasted?: boolean
}

export const verdict = (
  cause: unknown,
  tag: FailureTag,
  message: string,
  {
    notWritten = false,
    elsewhere = false,
    limit
  }: { notWritten?: boolean; elsewhere?: boolean; limit?: number | undefined } = {}
): Verdict => ({
  error: failure(tag, message, { cause, ...(limit !== undefined && { limit }) }),
  notWritten,
  elsewhere
})

/** Nothing can have been written. */
export const definite = { notWritten: true }
/** Nor can it, and the next try goes elsewhere. */
export const definiteElsewhere = { notWritten: true, elsewhere: true }
