import { type Address, isSame } from './address.ts'
import type { Member } from './gossip.ts'

export type Preference = 'leader' | 'follower' | 'readOnly' | 'random'

/** Asks one node who is in its cluster. */
export type Ask = (node: Address) => Promise<ReadonlyArray<Member> | 'refused' | 'silent'>

/** What the nodes of a cluster answered. */
type Poll = {
  /** The leader that most of all nodes name; of those that name one, once all have been heard or given up. */
  readonly leader?: Address
  /** Whether most of all nodes name it. */
  readonly isElected: boolean
  /** The members that serve, as the first to answer saw them. */
  readonly members: ReadonlyArray<Member>
  /** How many answered before it was settled. */
  readonly heard: number
  /** Whether some node was given up that did not say a word. */
  readonly isSilent: boolean
}

/** The address that more than half of so many votes are for, of those that there are unless a number is given. */
const elected = (leaders: ReadonlyArray<Address>, voters = leaders.length): Address | undefined =>
  leaders.find((one) => leaders.filter((other) => isSame(one, other)).length > voters / 2)

/**
 * Asks all nodes at once, so that one that is dead or frozen keeps nobody waiting. One that was frozen while another was
 * elected still takes itself for the leader: a majority decides, which is there before the last have answered. Where
 * there is none, as with most nodes gone, the majority of those that name one.
 */
export const poll = (nodes: ReadonlyArray<Address>, ask: Ask): Promise<Poll> =>
  new Promise((resolve) => {
    const answers: Array<ReadonlyArray<Member>> = []
    let left = nodes.length
    let isSilent = false
    const look = (): void => {
      const leaders = answers.flatMap((members) => members.filter(({ role }) => role === 'leader').slice(0, 1))
      const named = leaders.map(({ address }) => address)
      const byMost = elected(named, nodes.length)
      if (byMost === undefined && left > 0) return
      const leader = byMost ?? elected(named)
      const members = answers.find(({ length }) => length > 0) ?? []
      resolve({ ...(leader && { leader }), isElected: byMost !== undefined, members, heard: answers.length, isSilent })
    }
    for (const node of nodes) {
      const heard = (answer: Awaited<ReturnType<Ask>>): void => {
        left--
        if (typeof answer !== 'string') answers.push(answer)
        isSilent ||= answer === 'silent'
        look()
      }
      ask(node).then(heard, () => heard('refused'))
    }
    look()
  })

/** A node that has no others beside it leads itself; so does one that tells nothing of others, or of none that answer. */
type Lead = Address | 'alone' | undefined

/**
 * The leader that most nodes of a cluster name: of those that are given, and of all that they name beside themselves where
 * these are more. None where they disagree, or where too many say nothing.
 */
export const leadOf = async (nodes: ReadonlyArray<Address>, ask: Ask): Promise<Lead> => {
  const found = await poll(nodes, ask)
  const voters = found.members.filter(({ role }) => role !== 'readOnly').map(({ address }) => address)
  if (nodes.length === 1 && voters.length < 2) return found.isSilent ? undefined : 'alone'
  const { leader, isElected, heard } = voters.length > nodes.length ? await poll(voters, ask) : found
  if (isElected) return leader
  return nodes.length === 1 && heard < 2 ? 'alone' : undefined
}

/** The node to call: the leader unless another kind is asked for, and one that serves where there is none of that kind. */
export const choose = ({ leader, members }: Poll, preference: Preference): Address | undefined => {
  if (preference === 'leader' && leader !== undefined) return leader
  const from = Math.floor(Math.random() * members.length)
  const shuffled = [...members.slice(from), ...members.slice(0, from)]
  const others = shuffled.filter(({ role }) => role !== 'leader')
  return (shuffled.find(({ role }) => role === preference) ?? others[0] ?? shuffled[0])?.address
}
