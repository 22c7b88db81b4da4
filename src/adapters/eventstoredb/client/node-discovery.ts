import { sleep } from '../../node/timer.ts'
import type { Address } from './address.ts'
import { type Ask, choose, type Preference, poll } from './leader.ts'
import { notFound } from './server-error.ts'

/** Where the nodes are, and how they are looked for. */
export type Nodes = {
  readonly seeds: ReadonlyArray<Address>
  /** Whether the nodes are asked who leads; else the first of them is called, whatever it is. */
  readonly isCluster: boolean
  readonly preference: Preference
  readonly gossipMs: number
  readonly attempts: number
  readonly intervalMs: number
}

/** More nodes than any cluster has are not asked. */
export const maxNodes = 16

/** Finds the node that is called next. */
export type NodeDiscovery = {
  readonly find: () => Promise<Address>
  /** The nodes of the cluster as far as they are known. */
  readonly known: () => ReadonlyArray<Address>
  /** Whether the cluster was ever seen to have more nodes than one: none of them leads by itself then. */
  readonly hasOthers: () => boolean
  /** The node that somebody named as the leader is found next, without asking. */
  readonly turnTo: (leader: Address | undefined) => void
}

export const nodeDiscovery = (
  { seeds, isCluster, preference, attempts, intervalMs }: Nodes,
  ask: Ask,
  wire: { readonly met: () => void; readonly isClosed: () => boolean }
): NodeDiscovery => {
  let known = seeds
  let told: Address | undefined
  let hasOthers = false

  const discover = async (): Promise<Address> => {
    for (let attempt = 1; ; attempt++) {
      const found = await poll(attempt === 1 ? known : seeds, ask)
      const chosen = choose(found, preference)
      if (chosen !== undefined) {
        wire.met()
        if (found.members.length > 1) {
          hasOthers = true
          known = found.members.slice(0, maxNodes).map(({ address }) => address)
        }
        return chosen
      }
      known = seeds
      if (attempt >= attempts || wire.isClosed()) throw notFound(found.isSilent)
      await sleep(intervalMs)
    }
  }

  return {
    find: async () => {
      const leader = told
      told = undefined
      if (leader !== undefined) return leader
      const [only] = seeds
      return isCluster || only === undefined ? discover() : only
    },
    known: () => known,
    hasOthers: () => hasOthers,
    turnTo: (leader) => {
      told = leader
    }
  }
}
