import { sleep, startTimer } from '../../src/adapters/node/timer.ts'
import { type StandIn, startStandIn } from '../../src/testing/eventstoredb.ts'
import type { Cluster, Verb } from './cluster.ts'

/** After how long nodes that lost their leader have another one, ms, by how they lost it. */
export type Elections = { readonly stop: number; readonly kill: number; readonly freeze: number }

/** As a real cluster needed: to notice that a leader is frozen takes it longest. */
export const usualElections: Elections = { stop: 300, kill: 2000, freeze: 8000 }

/** What a long run needs not keep of the calls that came, ms. */
const forgetAfterMs = 1000

/** For so long before its end a node writes what it has no time left to answer, ms. */
const lastMs = 50

const writeAndDoNotAnswer = async (node: StandIn): Promise<void> => {
  node.faults.always(({ rpc }) => (rpc === 'append' ? { when: 'after', do: 'hang' } : undefined))
  await sleep(lastMs)
}

/** Three stand-ins in this process. */
export const standInCluster = async (elections: Elections = usualElections): Promise<Cluster> => {
  const first = await startStandIn()
  const nodes: ReadonlyArray<StandIn> = [
    first,
    await startStandIn({ joins: first }),
    await startStandIn({ joins: first })
  ]
  const frozen = new Set<StandIn>()
  let callOffElection = (): void => {}

  /** One that leads, and came back in time, goes on leading. */
  const elect = (): void => {
    const able = nodes.filter((one) => one.role() !== 'down' && !frozen.has(one))
    if (!able.some((one) => one.role() === 'leader')) able[0]?.lead()
  }
  const acts: { readonly [verb in Verb]: (node: StandIn) => void | Promise<void> } = {
    stop: (node) => node.stop({ graceful: true }),
    kill: async (node) => {
      await writeAndDoNotAnswer(node)
      await node.stop()
      node.faults.clear()
    },
    start: (node) => node.restart(),
    freeze: async (node) => {
      await writeAndDoNotAnswer(node)
      frozen.add(node)
      node.freeze()
      node.faults.clear()
    },
    thaw: (node) => {
      frozen.delete(node)
      node.thaw()
    }
  }
  const forgetting = setInterval(() => {
    for (const { calls } of nodes) calls.length = 0
  }, forgetAfterMs)

  return {
    connection: first.clusterUrl(),
    nodes: nodes.length,
    leader: async () => {
      const at = nodes.findIndex((node) => node.role() === 'leader')
      return at === -1 ? undefined : at + 1
    },
    act: async (verb, number) => {
      const node = nodes[number - 1]
      if (node === undefined) throw new Error(`there is no node ${number}`)
      if (node.role() === 'leader' && verb !== 'start' && verb !== 'thaw') {
        callOffElection()
        callOffElection = startTimer(elections[verb], elect)
      }
      await acts[verb](node)
    },
    end: async () => {
      clearInterval(forgetting)
      callOffElection()
      await Promise.all(nodes.map((node) => node.stop()))
    }
  }
}
