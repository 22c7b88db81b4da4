import type { LedgerEvent } from '../../domain/events/ledger-event.ts'
import type { RecoveryPoint, RecoveryPoints } from '../../domain/recovery-points.ts'

/** What ends the work that points are of: whoever reserves next starts anew. */
const startsAnew = (event: LedgerEvent): boolean =>
  event.type === 'Completed' ||
  event.type === 'Imported' ||
  (event.type === 'Expired' && event.data.reason !== 'lease' && event.data.reason !== 'released')

/**
 * The points that an attempt goes on from: all that attempts of the same request reached since the last outcome, end of
 * retention or operator's end, over however many attempts that were given back or lapsed. `undefined` where the history
 * does not hold the attempt itself: it was read from somewhere that lags behind.
 */
export const carriedPoints = (history: ReadonlyArray<LedgerEvent>, epoch: number): RecoveryPoints | undefined => {
  const own = history.findLastIndex((event) => event.type === 'Reserved' && event.data.epoch === epoch)
  const reserved = history[own]
  if (reserved?.type !== 'Reserved') return undefined
  const { requestFingerprint } = reserved.data
  const points = new Map<string, RecoveryPoint>()
  let isSameRequest = false
  let current = 0
  for (const event of history.slice(0, own + 1)) {
    if (event.type === 'Reserved' || event.type === 'Imported') current = event.data.epoch
    // of a reservation that was over by then: the ledger takes no notice of it either
    else if ('epoch' in event.data && event.data.epoch !== current) continue
    if (startsAnew(event)) points.clear()
    else if (event.type === 'Reserved') {
      isSameRequest = event.data.requestFingerprint === requestFingerprint
      if (isSameRequest) for (const point of event.data.recoveryPoints ?? []) points.set(point.name, point)
    } else if (event.type === 'RecoveryPointReached' && isSameRequest) {
      points.set(event.data.name, { name: event.data.name, data: event.data.data })
    }
  }
  return [...points.values()]
}
