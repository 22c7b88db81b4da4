import { spawn } from 'node:child_process'
import * as E from 'fp-ts/Either'
import { isSame, targetOf } from '../../src/adapters/eventstoredb/client/address.ts'
import { hasClientInternals } from '../../src/adapters/eventstoredb/client/client-internals.ts'
import { connect } from '../../src/adapters/eventstoredb/client/connect.ts'
import { askNode } from '../../src/adapters/eventstoredb/client/gossip.ts'
import { type Ask, poll } from '../../src/adapters/eventstoredb/client/leader.ts'
import { startTimer } from '../../src/adapters/node/timer.ts'
import { quoted } from '../../src/domain/text.ts'
import type { Cluster, Verb } from './cluster.ts'

/** How long a node may take to say who leads, ms. */
const gossipMs = 1000
/** The longest that a command may take, ms. */
const usualMs = 60_000

const compose: { readonly [verb in Verb]: string } = {
  stop: 'stop',
  start: 'start',
  kill: 'kill',
  freeze: 'pause',
  thaw: 'unpause'
}

/** The line that strikes a node: the project's own cluster in containers unless there is a command. */
export const commandLine = (command: string | undefined, verb: Verb, node: number): string =>
  command === undefined ? `docker compose --profile cluster ${compose[verb]} node${node}` : `${command} ${verb} ${node}`

/** Runs a line of the shell to its end. In a group of its own: Ctrl-C must not end what brings a node back. */
const run = (line: string, atMostMs: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(line, { shell: true, detached: true, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (text) => {
      if (said.length < 2000) said += text
    })
    const settle = (why: string | undefined): void => {
      callOff()
      if (why === undefined) resolve()
      else reject(new Error(`${quoted(line)}: ${why}`))
    }
    const callOff = startTimer(atMostMs, () => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      settle(`not done within ${atMostMs} ms`)
    })
    child.on('error', ({ message }) => settle(quoted(message)))
    child.on('exit', (code, signal) => settle(code === 0 ? undefined : `ended with ${signal ?? code} ${quoted(said)}`))
  })

/** A cluster that a connection string names, whose nodes a command strikes. Throws where the string makes no sense. */
export const commandCluster = (
  connection: string,
  command: string | undefined,
  commandMs: number = usualMs
): Cluster => {
  const connected = connect(connection)
  if (E.isLeft(connected)) throw new Error(connected.left.message)
  const { client, hosts } = connected.right
  if (!hasClientInternals(client)) throw new Error('the client is not of @eventstore/db-client 6.2.1')
  const ask: Ask = async (address) => {
    Reflect.set(client, 'resolveUri', async () => targetOf(address))
    return askNode(await client.createChannel(), client.callArguments({ requiresLeader: false }), gossipMs)
  }
  return {
    connection,
    nodes: hosts.length,
    leader: async () => {
      const { leader } = await poll(hosts, ask)
      const at = hosts.findIndex((host) => leader !== undefined && isSame(host, leader))
      return at === -1 ? undefined : at + 1
    },
    act: (verb, node) => run(commandLine(command, verb, node), commandMs),
    end: () => client.dispose()
  }
}
