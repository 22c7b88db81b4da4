import type { ClusterInfo, MemberInfo } from '@eventstore/db-client/generated/gossip_pb.js'
import { type Cluster, type Member, type Role, roleOf } from './cluster.ts'
import { gossipPb } from './generated.ts'
import { uuidOf } from './messages.ts'

const { VNodeState } = gossipPb.MemberInfo

const states: { readonly [role in Role]: MemberInfo.VNodeState } = {
  leader: VNodeState.LEADER,
  follower: VNodeState.FOLLOWER,
  leaderless: VNodeState.UNKNOWN,
  down: VNodeState.UNKNOWN
}

const infoOf = (cluster: Cluster, member: Member): MemberInfo =>
  new gossipPb.MemberInfo()
    .setInstanceId(uuidOf(member.instanceId))
    .setTimeStamp(String(BigInt(Math.trunc(cluster.log.now())) * 10_000n))
    .setState(states[roleOf(cluster, member)])
    .setIsAlive(member.alive)
    .setHttpEndPoint(new gossipPb.EndPoint().setAddress(member.address.host).setPort(member.address.port))

/** All nodes of a cluster, those that are down as well. */
export const clusterInfo = (cluster: Cluster): ClusterInfo =>
  new gossipPb.ClusterInfo().setMembersList(cluster.members.map((member) => infoOf(cluster, member)))
