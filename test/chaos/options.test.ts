import { performance } from 'node:perf_hooks'
import { describe, expect, it } from 'vitest'
import { sleep } from '../../src/adapters/node/timer.ts'
import { commandCluster, commandLine } from './command-cluster.ts'
import { longestSilence } from './figures.ts'
import { optionsIn } from './options.ts'
import { watchStalls } from './stalls.ts'

const connection = 'esdb://a,b,c?tls=false'

describe('what npm run chaos takes', () => {
  it('nothing: three stand-ins for two minutes, all kinds', () => {
    expect(optionsIn([])).toEqual({
      connection: undefined,
      strike: undefined,
      seconds: 120,
      kinds: ['restart', 'kill', 'freeze'],
      deadlineMs: 10_000,
      storeDeadlineMs: undefined
    })
  })

  it('a cluster, a command and numbers', () => {
    const args = ['--connection', connection, '--strike', 'ssh host node', '--seconds', '60', '--kinds', 'freeze,kill']
    expect(optionsIn([...args, '--deadline', '4000', '--store-deadline', '2000'])).toEqual({
      connection,
      strike: 'ssh host node',
      seconds: 60,
      kinds: ['freeze', 'kill'],
      deadlineMs: 4000,
      storeDeadlineMs: 2000
    })
  })

  it.each([
    [['--seconds', '0'], '--seconds must be a whole number from 1 to 1800'],
    [['--seconds', '1801'], '--seconds must be a whole number from 1 to 1800'],
    [['--seconds', '1e3'], '--seconds must be a whole number from 1 to 1800'],
    [['--seconds', ''], '--seconds must be a whole number from 1 to 1800'],
    [['--deadline', '99'], '--deadline must be a whole number from 100 to 600000'],
    [['--store-deadline', '-1'], "Option '--store-deadline' argument is ambiguous"],
    [['--kinds', ''], '--kinds must be some of restart,kill,freeze'],
    [['--kinds', 'kill,flood'], '--kinds must be some of restart,kill,freeze'],
    [['--kinds', 'toString'], '--kinds must be some of restart,kill,freeze'],
    [['--strike', 'sh x'], '--strike needs a --connection to be struck'],
    [['--connection', connection, '--strike', ' '], '--strike is empty'],
    [['--conection', connection], "Unknown option '--conection'"],
    [['now'], "Unexpected argument 'now'"]
  ])('nothing else: %j', (args, message) => expect(() => optionsIn(args)).toThrow(message))
})

describe('what a strike is told by', () => {
  it('the words of the command, or those of the project’s own cluster', () => {
    expect(commandLine('ssh host node', 'freeze', 3)).toBe('ssh host node freeze 3')
    const verbs = ['stop', 'start', 'kill', 'freeze', 'thaw'] as const
    const compose = 'docker compose --profile cluster'
    expect(verbs.map((verb) => commandLine(undefined, verb, 2))).toEqual([
      `${compose} stop node2`,
      `${compose} start node2`,
      `${compose} kill node2`,
      `${compose} pause node2`,
      `${compose} unpause node2`
    ])
  })

  it('a command that does not end is ended', async () => {
    const cluster = commandCluster(connection, 'sleep 1000; echo', 200)
    await expect(cluster.act('stop', 1)).rejects.toThrow('sleep 1000; echo stop 1: not done within 200 ms')
    await cluster.end()
  })

  it('the longest silence within a span, its ends among it', () => {
    expect(longestSilence([], 10, 30)).toBe(20)
    expect(longestSilence([5, 12, 14, 20, 29, 90], 10, 30)).toBe(9)
    expect(longestSilence([25, 26], 10, 30)).toBe(15)
    expect(longestSilence([11, 12], 10, 30)).toBe(18)
  })

  it('what this process was held up for is no lateness of an answer’s', async () => {
    const stalls = watchStalls()
    await sleep(30)
    const from = performance.now()
    while (performance.now() < from + 200) {}
    const to = performance.now()
    await sleep(30)
    stalls.stop()
    expect(stalls.within(from, to)).toBeGreaterThan(150)
    expect(stalls.within(from, to)).toBeLessThanOrEqual(to - from)
    expect(stalls.within(from - 2000, from - 1000)).toBe(0)
  })
})
