import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import * as E from 'fp-ts/Either'
import { describe, expect, it, onTestFinished } from 'vitest'
import { exactly } from '../../src/index.ts'
import { program } from '../support/child.ts'
import { forbidUnhandledRejections, storeOn } from '../support/eventstoredb.ts'
import { eventually } from '../support/eventually.ts'
import { chained } from '../support/hash-chain.ts'
import { readLog } from '../support/read-log.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import { type Chaos, runChaos } from './chaos.ts'
import type { Cluster, Verb } from './cluster.ts'
import { standInCluster } from './stand-in-cluster.ts'
import type { Pace } from './strikes.ts'

forbidUnhandledRejections()

const timeout = 300_000

/** A cluster that is quick to notice, so that much happens in a short time. */
const standIns = async (): Promise<Cluster> => {
  const cluster = await standInCluster({ stop: 200, kill: 600, freeze: 1500 })
  onTestFinished(() => cluster.end())
  return cluster
}
const pace: Pace = { awayMs: { restart: 500, kill: 1200, freeze: 2500 }, restMs: 500 }

/** No figure of a busy machine's is asserted; an answer that takes so much longer than its deadline was forgotten. */
const lateMs = 20_000

const chaosOn = (cluster: Cluster, more: Pick<Chaos, 'kinds' | 'seconds' | 'isEnough'>): Chaos => ({
  ...more,
  cluster,
  deadlineMs: 10_000,
  // a busy machine may take seconds for a call; what is struck is noticed otherwise
  storeDeadlineMs: 5000,
  lateMs,
  chance: Math.random,
  print: console.info,
  signal: new AbortController().signal,
  pace
})

/** A command line that strikes the nodes of a cluster in this process, as a program outside would. */
const commandFor = async (cluster: Cluster, meanwhile = async (): Promise<void> => {}) => {
  const asked: Array<string> = []
  const server = createServer(async ({ url = '' }, response) => {
    const [, verb = '', node = ''] = url.split('/')
    asked.push(`${verb} ${node}`)
    await meanwhile()
    await cluster.act(verb as Verb, Number(node))
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const file = temporaryFile('strike.mjs')
  writeFileSync(file, `await fetch('http://127.0.0.1:${port}/' + process.argv.slice(2).join('/'))`)
  return { command: `${process.execPath} ${file}`, asked }
}

/** Writes a completion that nobody asked for, as a ledger would write it, behind what a key's stream holds by then. */
const forge = async (connection: string): Promise<void> => {
  const store = await storeOn(connection)
  // the callers write there too, and may be the first
  await eventually(async () => {
    const [stream = '', events = []] =
      [...(await readLog(store, 'chaos_'))].find(([name]) => name.includes('-idem_')) ?? []
    const data = { atMs: 1, epoch: 1, outcome: { outcomeKind: 'forged', completedAtMs: 1, details: null } }
    const forged = chained(stream, [{ type: 'Completed', data, metadata: { schemaVersion: 2 } }], events.at(-1))
    const written = await store.append({ stream, expected: exactly(BigInt(events.length - 1)), events: forged })()
    expect(E.isRight(written)).toBe(true)
  })
}

describe('32 callers over two ledgers while nodes are struck', () => {
  it('are told nothing that the log does not bear out', { timeout }, async () => {
    const kinds = ['restart', 'kill', 'freeze'] as const
    const happened = ['Reserved', 'Duplicate', 'Renewed', 'Completed']
    // as long as it takes: a busy machine has few answers a second
    const isEnough: Chaos['isEnough'] = (strikes, { answers }) =>
      strikes.length >= kinds.length && happened.every((tag) => answers.has(tag))
    const { strikes, figures, faults } = await runChaos(chaosOn(await standIns(), { kinds, seconds: 120, isEnough }))
    expect(faults).toEqual([])
    expect(new Set(strikes.map(({ kind }) => kind))).toEqual(new Set(kinds))
    expect(strikes.slice(0, 3).map(({ led }) => led)).toEqual([true, true, true])
    expect([...figures.answers.keys()]).toEqual(expect.arrayContaining(happened))
  })
})

describe('npm run chaos', () => {
  const main = program('test/chaos/main.ts')
  const run = (...args: ReadonlyArray<string>) => {
    const child = spawn(process.execPath, [main.file, ...args])
    onTestFinished(() => void child.kill('SIGKILL'))
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text))
    return { child, said: () => said, ended: once(child, 'exit').then(([code]) => code) }
  }

  it('told to end it brings back what it struck, judges what there is and says that it was ended', {
    timeout
  }, async () => {
    const inside = await standIns()
    const { command, asked } = await commandFor(inside)
    const { child, said, ended } = run('--connection', inside.connection, '--strike', command, '--kinds', 'freeze')
    await eventually(() => expect(asked).toHaveLength(1), 60_000)
    child.kill('SIGINT')
    await eventually(() => expect(asked).toHaveLength(2), 60_000)
    child.kill('SIGINT')
    expect(await ended).toBe(130)
    expect(asked).toEqual(['freeze 1', 'thaw 1'])
    expect(said()).toMatch(/\n0 faults\n$/)
  })

  it('ends with 1 where the log holds what nobody asked for, and says which node led', { timeout }, async () => {
    const inside = await standIns()
    let forged = 0
    const { command } = await commandFor(inside, async () => {
      if (forged++ === 0) await forge(inside.connection)
    })
    const { said, ended } = run(
      '--connection',
      inside.connection,
      '--strike',
      command,
      '--kinds',
      'restart',
      '--seconds',
      '1'
    )
    expect(await ended).toBe(1)
    expect(said()).toMatch(/^restart of node 1, the leader: silent for /)
    expect(said()).toMatch(/\nFAULT idem_[0-9a-f]{64}: nobody asked for a Completed\n/)
  })

  it('ends with 2 where a command fails, and has tried to bring the node back', { timeout }, async () => {
    const inside = await standIns()
    const file = temporaryFile('strike.sh')
    writeFileSync(file, `echo "$*" >> ${file}.asked; echo 'no such node' >&2; exit 7`)
    const { said, ended } = run('--connection', inside.connection, '--strike', `sh ${file}`)
    expect(await ended).toBe(2)
    expect(said()).toContain('ended with 7 no such node')
    expect(readFileSync(`${file}.asked`, 'utf8')).toBe('stop 1\nstart 1\n')
  })

  it('ends with 2 and says how it is used where it is used wrongly', { timeout }, async () => {
    const { said, ended } = run('--kinds', 'flood')
    expect(await ended).toBe(2)
    expect(said()).toContain('--kinds must be some of restart,kill,freeze\nusage: npm run chaos')
  })
})
