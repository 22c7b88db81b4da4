import * as E from 'fp-ts/Either'
import type { RecordedEvent } from '../../../src/application/ports/event-store.ts'
import { type NamedFault, reading } from './fault.ts'

export const currentFaults: ReadonlyArray<NamedFault> = [
  ['all was removed', 'what was removed', (store) => ({ ...store, isRemoved: () => async () => E.right(true) })],
  [
    'it tells what was removed after its end',
    'what was removed',
    (store) => ({ ...store, isRemoved: () => async () => E.right(false) })
  ],
  [
    'reads are current from now on, and are behind',
    'what is current',
    (store) => {
      let before: ReadonlyArray<RecordedEvent> = []
      const behind = reading((events) => {
        const stale = before
        before = events
        return stale
      })(store)
      return { ...behind, confirmCurrent: () => async () => E.right('fromNowOn') }
    }
  ],
  [
    'reads were always current, and were behind before',
    'what is current',
    (store) => {
      let isCurrent = false
      const behind = reading((events) => {
        if (isCurrent) return events
        return events.slice(0, -1)
      })(store)
      return {
        ...behind,
        confirmCurrent: () => async () => {
          isCurrent = true
          return E.right('always')
        }
      }
    }
  ],
  [
    'it confirms after its end',
    'what is current',
    (store) => ({ ...store, confirmCurrent: () => async () => E.right('always') })
  ]
]
