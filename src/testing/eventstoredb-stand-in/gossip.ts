import type { ClusterInfo, MemberInfo } from '@eventstore/db-client/generated/gossip_pb.js'
import { type Cluster, type Member, type Role, roleOf } from './cluster.ts'
import { gossipPb } from './generated.ts'
import type { Node } from './node.ts'
import { structuredUuidOf } from './uuid.ts'

const { VNodeState } = gossipPb.MemberInfo

const states: { readonly [role in Role]: MemberInfo.VNodeState } = {
  leader: VNodeState.LEADER,
  follower: VNodeState.FOLLOWER,
  deposed: VNodeState.FOLLOWER,
  leaderless: VNodeState.UNKNOWN,
  down: VNodeState.UNKNOWN
}

/** A node that was deposed and does not know tells that it leads; the others tell otherwise. */
const stateSeenBy = ({ cluster, self }: Pick<Node, 'cluster' | 'self'>, member: Member): MemberInfo.VNodeState => {
  if (self.deposedWith === undefined || !member.alive) return states[roleOf(cluster, member)]
  return member === self ? VNodeState.LEADER : VNodeState.FOLLOWER
}

/** A frozen leader is taken for alive until there is another. */
const isAlive = ({ leader }: Cluster, member: Member): boolean =>
  member.alive && !(member.isFrozen && leader !== undefined && leader !== member)

const infoOf = (node: Node, member: Member): MemberInfo =>
  new gossipPb.MemberInfo()
    .setInstanceId(structuredUuidOf(member.instanceId))
    .setTimeStamp(String(BigInt(Math.trunc(node.cluster.log.indexed.now())) * 10_000n))
    .setState(stateSeenBy(node, member))
    .setIsAlive(isAlive(node.cluster, member))
    .setHttpEndPoint(new gossipPb.EndPoint().setAddress(member.address.host).setPort(member.address.port))

/** All nodes of a cluster, those that are down as well. */
export const clusterInfo = (node: Node): ClusterInfo =>
  new gossipPb.ClusterInfo().setMembersList(node.cluster.members.map((member) => infoOf(node, member)))
