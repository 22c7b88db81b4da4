import { randomUUID } from 'node:crypto'
import { type Log, openLog } from './log.ts'
import type { LogView } from './log-view.ts'

export type Address = { readonly host: string; readonly port: number }

/** A node as gossip tells of it, and as it takes itself. */
export type Member = {
  readonly instanceId: string
  address: Address
  alive: boolean
  /** Its process is stopped: what others come to think once they have chosen another leader. */
  isFrozen: boolean
  /** The log that it shows as the leader that it takes itself for, though it is not any more. */
  deposedWith: LogView | undefined
}

/** Nodes that share one log, and who leads them. */
export type Cluster = {
  readonly log: Log
  readonly maxAppendSize: number
  readonly members: Member[]
  leader: Member | undefined
}

/** `deposed` is a node that still takes itself for the leader. */
export type Role = 'leader' | 'follower' | 'leaderless' | 'deposed' | 'down'

export const newCluster = (now: () => number, maxAppendSize: number, indexLagMs: number): Cluster => ({
  log: openLog(now, indexLagMs),
  maxAppendSize,
  members: [],
  leader: undefined
})

export const addMember = (cluster: Cluster, host: string): Member => {
  const member: Member = {
    instanceId: randomUUID(),
    address: { host, port: 0 },
    alive: false,
    isFrozen: false,
    deposedWith: undefined
  }
  cluster.members.push(member)
  return member
}

/** Of a node that never came up nobody is told. */
export const removeMember = (cluster: Cluster, member: Member): void => {
  cluster.members.splice(cluster.members.indexOf(member), 1)
}

/** Another leader knows nothing of the ids that the last one wrote, nor does the same one after a restart. */
export const setLeader = (cluster: Cluster, leader: Member | undefined): void => {
  if (cluster.leader === leader) return
  cluster.leader = leader
  cluster.log.forgetIds()
  if (leader === undefined) return
  leader.deposedWith = undefined
  cluster.log.beginEpoch()
}

export const roleOf = (cluster: Cluster, member: Member): Role => {
  if (!member.alive) return 'down'
  if (member.deposedWith !== undefined) return 'deposed'
  if (cluster.leader === undefined) return 'leaderless'
  return cluster.leader === member ? 'leader' : 'follower'
}
