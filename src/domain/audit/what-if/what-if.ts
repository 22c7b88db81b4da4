import type { ClaimHash } from '../../claim.ts'
import { evolve } from '../../evolve.ts'
import { initialState, type State } from '../../state.ts'
import type { Dated } from '../moment.ts'
import type { Difference, OtherPolicy, Said } from './difference.ts'
import { askedBy, type PastRequest, requestsIn } from './requests-in.ts'
import { bound, newWorld } from './world.ts'

/** What one event of a history comes to under the other policy. */
export type Replayed = {
  /** How many requests it tells of, and of how many of those only the number and the owners are known. */
  readonly requests: number
  readonly merged: number
  readonly differences: ReadonlyArray<Difference>
}

/** A claim that a request would have been given that had none: unlike any hash, and unlike each other. */
const madeUpClaims = (): (() => ClaimHash) => {
  let made = 0
  return () => (++made).toString(16).padStart(64, '0') as ClaimHash
}

/**
 * Replays a key's history, event by event and oldest first, as if its requests had been made under another policy. What
 * is held is bounded, whatever the length of the history. The requests stay as they were made, also where their callers
 * would have done something else after another answer; what left no event is not among them.
 */
export const whatIf = (other: OtherPolicy): ((dated: Dated) => Replayed) => {
  const world = newWorld()
  const nextClaim = madeUpClaims()
  /** By the epochs that reservations had, those that they would have had. */
  const epochs = new Map<number, number>()
  const answered = ({ under, command }: PastRequest): Said | undefined => {
    const epoch = under === undefined ? 0 : epochs.get(under)
    if (epoch === undefined) return 'noClaim'
    const asked = command(epoch)
    return asked && world.say(asked)
  }
  let state: State = initialState
  let length: ReturnType<typeof askedBy> = { lease: 'none' }
  return ({ event, revision }) => {
    const before = state
    state = evolve(state, event)
    if (event.type === 'Reserved') length = askedBy(event)
    if (event.type === 'Imported') length = { lease: 'none' }
    const differences: Array<Difference> = []
    let requests = 0
    for (const request of requestsIn(event, before, other, { length, nextClaim })) {
      const { asked, atMs, count, owners, was } = request
      const wouldBe = answered(request)
      if (event.type === 'Reserved' && (wouldBe === 'reserved' || wouldBe === 'takenOver')) {
        epochs.set(event.data.epoch, world.epoch())
        bound(epochs)
      }
      if (asked === undefined) continue
      requests += count
      if (wouldBe === undefined || wouldBe === was) continue
      differences.push({ revision, atMs, asked, count, owners, was, wouldBe })
    }
    return { requests, merged: requests > 1 ? requests : 0, differences }
  }
}
