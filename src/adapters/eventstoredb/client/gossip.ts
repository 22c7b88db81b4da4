import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js'
import { startTimer } from '../../node/timer.ts'
import { type Address, addressOf } from './address.ts'
import type { CallArguments, Channel } from './client-internals.ts'
import { connectionOf } from './connection.ts'
import { gossipPb, gossipService, sharedPb } from './generated.ts'

/** A node of a cluster, as another one sees it. */
export type Member = { readonly address: Address; readonly role: 'leader' | 'follower' | 'readOnly' }

const { VNodeState } = gossipPb.MemberInfo

/** The states in which a node serves. */
const roles: ReadonlyMap<number, Member['role']> = new Map<number, Member['role']>([
  [VNodeState.LEADER, 'leader'],
  [VNodeState.FOLLOWER, 'follower'],
  [VNodeState.READONLYREPLICA, 'readOnly'],
  [VNodeState.PREREADONLYREPLICA, 'readOnly'],
  [VNodeState.READONLYLEADERLESS, 'readOnly']
])

/** The members that serve. What makes no sense is left out: whoever said it cannot be asked again anyway. */
export const membersIn = (info: ClusterInfo): ReadonlyArray<Member> =>
  info.getMembersList().flatMap((member) => {
    const endPoint = member.getHttpEndPoint()
    const address = addressOf(endPoint?.getAddress(), endPoint?.getPort())
    const role = member.getIsAlive() ? roles.get(member.getState()) : undefined
    return address === undefined || role === undefined ? [] : [{ address, role }]
  })

/** Asks one node, over a channel of its own that is gone afterwards. */
export const askNode = (
  channel: Channel,
  [metadata]: CallArguments,
  ms: number
): Promise<ReadonlyArray<Member> | 'refused' | 'silent'> =>
  new Promise((resolve) => {
    const connection = connectionOf(channel)
    const settle = (answer: ReadonlyArray<Member> | 'refused' | 'silent'): void => {
      callOff()
      connection.cut()
      resolve(answer)
    }
    const callOff = startTimer(ms, () => settle('silent'))
    // over a channel that is given, address and credentials are not looked at
    const stub = Reflect.construct(gossipService.GossipClient, [null, null, { channelOverride: channel }])
    stub.read(new sharedPb.Empty(), metadata, (error: unknown, info: ClusterInfo) =>
      settle(error ? 'refused' : membersIn(info))
    )
  })
