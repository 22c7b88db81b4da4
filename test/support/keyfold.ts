import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Readable, Writable } from 'node:stream'

/** The program as it was built: `npm test` builds it first. */
export const program = resolve(import.meta.dirname, '../../dist/bin/keyfold.js')

export type Where = {
  readonly cwd?: string
  readonly env?: { readonly [name: string]: string }
  /** As which user; only root may say. */
  readonly uid?: number | undefined
}

export type Ran = {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export type Running = {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>
  /** Settles when the process has ended and said all that it had to say. */
  readonly ended: Promise<Ran>
}

/** What a stream said until it ended, or nobody listened any more. */
const textOf = (stream: Readable): (() => string) => {
  const chunks: Array<Uint8Array> = []
  stream.on('data', (chunk: Uint8Array) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString()
}

/** Starts the command line as a process of its own, with nothing of this one's environment but where programs are. */
export const start = (args: ReadonlyArray<string>, { cwd, env = {}, uid }: Where = {}): Running => {
  if (!existsSync(program)) throw new Error('the program is not built: npm run build')
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    ...(uid !== undefined && { uid }),
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['pipe', 'pipe', 'pipe']
  })
  // a process that ends without reading its input is one of the things under test
  child.stdin.on('error', () => {})
  const [stdout, stderr] = [textOf(child.stdout), textOf(child.stderr)]
  const ended = once(child, 'close').then(
    ([code, signal]): Ran => ({ code, signal, stdout: stdout(), stderr: stderr() })
  )
  return { child, ended }
}

/** Runs the command line to its end, on this input. */
export const keyfold = (
  args: ReadonlyArray<string>,
  { input = '', ...where }: Where & { readonly input?: string | Uint8Array } = {}
): Promise<Ran> => {
  const { child, ended } = start(args, where)
  child.stdin.end(input)
  return ended
}
