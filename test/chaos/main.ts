import process from 'node:process'
import { runChaos } from './chaos.ts'
import { commandCluster } from './command-cluster.ts'
import { type Options, optionsIn, usage } from './options.ts'
import { standInCluster } from './stand-in-cluster.ts'

/** How much longer than its deadline an answer may take, ms. */
const lateMs = 100

/** The exit code: 0, 1 with faults, 130 where it was ended early and there are none. */
const run = async ({ connection, strike, ...options }: Options): Promise<number> => {
  const interrupted = new AbortController()
  // not only once: npm passes on what the terminal has sent already
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => interrupted.abort())
  const cluster = connection === undefined ? await standInCluster() : commandCluster(connection, strike)
  const print = (line: string): void => void process.stdout.write(`${line}\n`)
  try {
    const { faults } = await runChaos({
      ...options,
      cluster,
      lateMs,
      chance: Math.random,
      print,
      signal: interrupted.signal
    })
    if (faults.length > 0) return 1
    return interrupted.signal.aborted ? 130 : 0
  } finally {
    await cluster.end()
  }
}

const main = async (): Promise<number> => {
  try {
    return await run(optionsIn(process.argv.slice(2)))
  } catch (cause) {
    process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n${usage}\n`)
    return 2
  }
}

// raw clients that looked for a node in vain may be at it still
process.exit(await main())
