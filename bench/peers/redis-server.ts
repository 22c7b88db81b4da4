import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import process from 'node:process'
import { setTimeout as after } from 'node:timers/promises'
import * as E from 'fp-ts/Either'
import { quoted } from '../../src/domain/text.ts'

/** A Redis of our own, in a process of its own. */
export type RedisServer = { readonly url: string; readonly pid: number; readonly stop: () => Promise<void> }

const startsWithinMs = 10_000
const tries = 3

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Whether the server at the port answers, and is a Redis. */
const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket: Socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    const tell = (does: boolean): void => {
      socket.destroy()
      resolve(does)
    }
    socket.setTimeout(1000, () => tell(false))
    socket.once('error', () => tell(false))
    socket.once('data', (data) => tell(data.toString('latin1').startsWith('+PONG')))
  })

const stopped = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

const argumentsFor = (port: number, folder: string, appendfsync: string): ReadonlyArray<string> => [
  ...['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--daemonize', 'no'],
  // all that it is told is in its log before it answers, and nothing else is written meanwhile
  ...['--appendonly', 'yes', '--appendfsync', appendfsync, '--save', '', '--auto-aof-rewrite-percentage', '0']
]

const started = async (
  folder: string,
  appendfsync: 'always' | 'everysec',
  program: string
): Promise<E.Either<string, RedisServer>> => {
  const port = await freePort()
  const child = spawn(program, argumentsFor(port, folder, appendfsync), { stdio: ['ignore', 'pipe', 'ignore'] })
  let said = ''
  child.stdout.on('data', (data: Buffer) => {
    said = (said + data.toString('utf8')).slice(-2000)
  })
  let over: string | undefined
  child.once('error', ({ message }) => {
    over = `${program} cannot be started: ${quoted(message)}`
  })
  child.once('exit', () => {
    over ??= `${program} ended: ${quoted(said.trim().split('\n').at(-1) ?? '')}`
  })
  const until = performance.now() + startsWithinMs
  while (over === undefined && performance.now() < until) {
    // another may have taken the port: then ours has ended by the time that it is asked
    if ((await answers(port)) && over === undefined && child.pid !== undefined) {
      const end = (): boolean => child.kill('SIGTERM')
      process.once('exit', end)
      const stop = async (): Promise<void> => {
        process.off('exit', end)
        await stopped(child)
      }
      return E.right({ url: `redis://127.0.0.1:${port}`, pid: child.pid, stop })
    }
    await after(20)
  }
  if (child.pid !== undefined) await stopped(child)
  return E.left(over ?? `${program} did not answer within ${startsWithinMs} ms`)
}

/**
 * Starts Debian's `redis-server` on a free port of this machine, its files in a folder of its own. A `Left` is why there
 * is none.
 */
export const startRedis = async (
  folder: string,
  appendfsync: 'always' | 'everysec',
  program = 'redis-server'
): Promise<E.Either<string, RedisServer>> => {
  mkdirSync(folder, { recursive: true })
  let last: E.Either<string, RedisServer> = E.left('not tried')
  // the port was free a moment ago, and may not be any more
  for (let n = 0; n < tries && E.isLeft(last); n++) last = await started(folder, appendfsync, program)
  return last
}
