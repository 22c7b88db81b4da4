import { type Cluster, type Member, setLeader } from './cluster.ts'
import type { LogView } from './log-view.ts'
import type { Node } from './node.ts'

/** For so long a leader of a real cluster showed an old log after it was thawed. In ms. */
const usualDeposedMs = 345

/** What changes the place of a node in its cluster. */
export type Place = {
  readonly lead: () => void
  readonly resign: () => void
  readonly depose: () => void
  readonly concede: () => void
  /** Answers whether it was not frozen already. */
  readonly freeze: () => boolean
  readonly thaw: (deposedMs?: number) => void
  /** Out of the cluster, and with nothing that it took itself for. */
  readonly leave: () => void
}

export const placeOf = (cluster: Cluster, self: Member, later: Node['later']): Place => {
  /** The log that a node froze with that took itself for the leader. */
  let frozenWith: LogView | undefined
  /** The moment at which it is to learn that another leads. */
  let learning: ReturnType<Node['later']> | undefined

  /** It learns no more by itself. Answers whether it was about to. */
  const forget = (): boolean => {
    const wasLearning = learning !== undefined
    learning?.cancel()
    learning = undefined
    return wasLearning
  }
  const resign = (): void => {
    if (cluster.leader === self) setLeader(cluster, undefined)
  }
  const deposedWith = (log: LogView): void => {
    forget()
    resign()
    self.deposedWith = log
  }
  const concede = (): void => {
    forget()
    self.deposedWith = undefined
  }
  return {
    lead: () => {
      forget()
      setLeader(cluster, self)
    },
    resign,
    depose: () => deposedWith(cluster.log.asItIs()),
    concede,
    freeze: () => {
      if (self.isFrozen) return false
      self.isFrozen = true
      // who was deposed by a test waits for the test to be told; the others learn of it once they are thawed again
      if (forget()) frozenWith = self.deposedWith
      else frozenWith = cluster.leader === self ? cluster.log.asItIs() : undefined
      return true
    },
    thaw: (deposedMs = usualDeposedMs) => {
      self.isFrozen = false
      if (frozenWith !== undefined && cluster.leader !== self) {
        deposedWith(frozenWith)
        learning = later(deposedMs, concede)
      }
      frozenWith = undefined
    },
    leave: () => {
      self.alive = false
      self.isFrozen = false
      frozenWith = undefined
      concede()
      resign()
    }
  }
}
