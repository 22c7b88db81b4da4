import { randomUUID } from 'node:crypto'
import { type Log, openLog } from './log.ts'

export type Address = { readonly host: string; readonly port: number }

/** A node as gossip tells of it. */
export type Member = { readonly instanceId: string; address: Address; alive: boolean }

/** Nodes that share one log, and who leads them. */
export type Cluster = {
  readonly log: Log
  readonly maxAppendSize: number
  readonly members: Member[]
  leader: Member | undefined
}

export type Role = 'leader' | 'follower' | 'leaderless' | 'down'

export const newCluster = (now: () => number, maxAppendSize: number): Cluster => ({
  log: openLog(now),
  maxAppendSize,
  members: [],
  leader: undefined
})

export const addMember = (cluster: Cluster, host: string): Member => {
  const member: Member = { instanceId: randomUUID(), address: { host, port: 0 }, alive: false }
  cluster.members.push(member)
  return member
}

/** Another leader knows nothing of the ids that the last one wrote, nor does the same one after a restart. */
export const setLeader = (cluster: Cluster, leader: Member | undefined): void => {
  if (cluster.leader === leader) return
  cluster.leader = leader
  cluster.log.forgetIds()
}

export const roleOf = (cluster: Cluster, member: Member): Role => {
  if (!member.alive) return 'down'
  if (cluster.leader === undefined) return 'leaderless'
  return cluster.leader === member ? 'leader' : 'follower'
}
