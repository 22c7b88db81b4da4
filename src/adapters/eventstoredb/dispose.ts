import { constVoid } from 'fp-ts/function'
import type { Client } from './client.ts'
import type { Lifetime } from './lifetime.ts'

/** Longer than this nobody waits for the client, which may wait for a stream that nobody reads for ever. */
const mostMs = 1000

/**
 * Ends what runs, and the client where it belongs to the store. Always returns; the second time waits for the first.
 */
export const disposal = (lifetime: Lifetime, owned: { client: Client; closeChannels: () => void } | undefined) => {
  let ending: Promise<void> | undefined
  const end = async (): Promise<void> => {
    lifetime.end()
    if (owned === undefined) return
    const disposed = owned.client.dispose().catch(constVoid)
    let timer: NodeJS.Timeout | undefined
    await Promise.race([disposed, new Promise((resolve) => (timer = setTimeout(resolve, mostMs)))])
    clearTimeout(timer)
    owned.closeChannels()
  }
  return (): Promise<void> => (ending ??= end())
}
