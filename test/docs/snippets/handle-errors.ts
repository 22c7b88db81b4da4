import { setTimeout as pause } from 'node:timers/promises'
import { type CompleteAnswer, type CompleteRequest, isRetryable, KeyfoldError, type Ledger } from 'keyfold'

export type Reply = { readonly status: number; readonly retryAfter?: number; readonly text: string }

/** What a client is told of an error that a ledger threw. What is no such error is not this function's to judge. */
export const replyTo = (error: unknown): Reply => {
  if (!(error instanceof KeyfoldError)) throw error
  // may stand, or not: the client's next try finds out, since it comes with the same key
  if (error.tag === 'AppendUnknown' || isRetryable(error)) return { status: 503, retryAfter: 1, text: 'try again' }
  switch (error.tag) {
    case 'InvalidInput':
    case 'LimitExceeded':
      // it names a field by its path, and never quotes the key
      return { status: 400, text: error.message }
    case 'Aborted':
      return { status: 499, text: 'the client went away' }
    default:
      // disk, rights, version, a stream that somebody tampered with: nobody can mend it but an operator
      console.error(error)
      return { status: 500, text: 'out of order' }
  }
}

/** The effect has happened, so that its outcome must be stored. The same completion may be sent again and again. */
export const completePatiently = async (ledger: Ledger, request: CompleteRequest): Promise<CompleteAnswer> => {
  for (let tries = 1; ; tries++) {
    try {
      return await ledger.complete(request)
    } catch (error) {
      if (tries === 8 || !isRetryable(error)) throw error
      await pause(100 * 2 ** tries)
    }
  }
}
