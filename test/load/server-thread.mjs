// Serves a cluster from a thread of its own, out of the built package, so that the server's work does not slow the
// callers' down. Faults come by chances that it is given.
import { parentPort, workerData } from 'node:worker_threads'
import { startStandIn } from 'keyfold/testing/eventstoredb'

const { nodes: count, chances, share, faults } = workerData

let asked = 0
const chance = () => chances[asked++ % chances.length]
const struck = {}
const total = faults.reduce((sum, { weight }) => sum + weight, 0)

const pick = () => {
  let left = chance() * total
  return (
    faults.find(({ weight }) => {
      left -= weight
      return left < 0
    }) ?? faults[0]
  )
}

const decide = ({ rpc }) => {
  if (rpc !== 'append' || chance() >= share) return undefined
  const { do: action, when, name } = pick()
  struck[name] = (struck[name] ?? 0) + 1
  return { do: action, when }
}

const nodes = [await startStandIn()]
while (nodes.length < count) nodes.push(await startStandIn({ joins: nodes[0] }))
if (share > 0) for (const node of nodes) node.faults.always(decide)

const appends = () => nodes.reduce((sum, { calls }) => sum + calls.filter(({ rpc }) => rpc === 'append').length, 0)

const actions = {
  lead: async (node) => nodes[node].lead(),
  resign: async (node) => nodes[node].resign(),
  stop: (node) => nodes[node].stop(),
  restart: (node) => nodes[node].restart(),
  appends: async () => appends(),
  calls: async () => nodes.reduce((sum, { calls }) => sum + calls.length, 0),
  struck: async () => struck
}

parentPort.on('message', async ({ id, action, node }) =>
  parentPort.postMessage({ id, result: await actions[action](node) })
)
parentPort.postMessage({ url: count === 1 ? nodes[0].url : nodes[0].clusterUrl() })
