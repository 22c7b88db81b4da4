import type { FailureTag } from '../../src/index.ts'
import type { Stream } from './stream.ts'

/** What a key's stream may say after what, in few words and by another hand than the ledger's own. */
export const order = ({ events }: Stream): ReadonlyArray<string> => {
  const faults: Array<string> = []
  let held = 0
  let isCompleted = false
  const within = (what: string, epoch: number | undefined): void => {
    if (held === 0 || epoch !== held) faults.push(`${what} of epoch ${epoch}, which is not held`)
    else if (isCompleted) faults.push(`${what} of epoch ${epoch}, which has its outcome`)
  }
  for (const { type, data } of events) {
    if (type === 'Reserved') {
      if (held > 0) faults.push(`epoch ${data.epoch} begins while epoch ${held} is held`)
      held = data.epoch
      isCompleted = false
    }
    if (type === 'LeaseRenewed') within('a renewal', data.epoch)
    if (type === 'Completed') {
      within('an outcome', data.epoch)
      isCompleted = true
    }
    if (type === 'Expired') {
      within('an end', data.epoch)
      held = 0
    }
  }
  return faults
}

/** Whoever was told that a key is held, or was, saw a reservation of it. */
export const seenByNobody = ({ events, told }: Stream): ReadonlyArray<string> =>
  events.some(({ type }) => type === 'Reserved')
    ? []
    : told.flatMap(({ answer: { _tag } }) =>
        _tag === 'Duplicate' || _tag === 'InDoubt' || _tag === 'Conflict' || _tag === 'Gone'
          ? [`${_tag} of a key that nobody reserved`]
          : []
      )

/** How a call may fail while nodes are struck; a claim that is unknown is looked at apart. */
const expected: ReadonlySet<string> = new Set<FailureTag>([
  'AppendUnknown',
  'Contended',
  'StoreBusy',
  'StoreTimeout',
  'StoreUnavailable',
  'UnknownClaim'
])

export const failures = ({ told }: Stream): ReadonlyArray<string> =>
  told.flatMap(({ asked, answer }) =>
    answer._tag === 'Failed' && !expected.has(answer.tag) ? [`a ${asked.do} failed: ${answer.tag}`] : []
  )
