import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { isRetryable, type Ledger, type ReserveAnswer, type ReserveRequest } from 'keyfold'

export const reservePatiently = async (ledger: Ledger, asked: ReserveRequest): Promise<ReserveAnswer> => {
  const request = { ...asked, claimId: asked.claimId ?? randomUUID() }
  for (let tries = 1; ; tries++) {
    try {
      return await ledger.reserve(request)
    } catch (error) {
      if (tries === 5 || !isRetryable(error, request)) throw error
      await pause(100 * 2 ** tries)
    }
  }
}
