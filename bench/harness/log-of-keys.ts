import { callers } from './measure.ts'
import { outcome, requestFor } from './requests.ts'
import { withLedger } from './sqlite-ledger.ts'

/** How many events each key has: reserved, seen again, completed. */
const eventsOfKey = 3

const atOnce = 256

/** Writes a log of so many events at least, in a new store; how many it has. */
export const writeLog = async (file: string, events: number): Promise<number> => {
  const keys = Math.ceil(events / eventsOfKey)
  await withLedger({ file, synchronous: 'NORMAL' }, (ledger) =>
    callers(atOnce, keys, async (index) => {
      const request = requestFor(`key-${index}`)
      const answer = await ledger.reserve(request)
      await ledger.reserve(request)
      if (answer._tag === 'Reserved') await ledger.complete({ claim: answer.claim, outcome })
    })
  )
  return eventsOfKey * keys
}
