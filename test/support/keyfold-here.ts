import { createRequire } from 'node:module'
import process from 'node:process'
import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { toolsWith } from '../../src/composition/cli-tools.ts'
import { runCli } from '../../src/interfaces/cli/main.ts'
import { identitySecretIn } from '../../src/interfaces/cli/options/identity-secret.ts'
import { sink } from './cli.ts'
import { program, type Ran, type Where } from './keyfold.ts'

const { version }: { readonly version: string } = createRequire(import.meta.url)('../../package.json')

const home = process.cwd()
let last: Promise<unknown> = Promise.resolve()

/** Works in a folder once those asked for before have ended: a process has one folder, and one set of warnings. */
const within = <A>(folder: string, work: () => Promise<A>): Promise<A> => {
  const next = last.then(async () => {
    process.chdir(folder)
    try {
      return await work()
    } finally {
      process.chdir(home)
    }
  })
  last = next.catch(() => {})
  return next
}

/**
 * Runs the command line as `keyfold` of ./keyfold.ts does, on the same stores, but in this process: for tests that are of
 * what a command says and does, and not of its process. A start of Node costs more than most commands.
 */
export const keyfoldHere = (
  args: ReadonlyArray<string>,
  { input = '', env = {}, cwd = home }: Where & { readonly input?: string | Uint8Array } = {}
): Promise<Ran> =>
  within(cwd, async () => {
    const [stdout, stderr] = [sink(), sink()]
    // a process of its own has these on stderr
    const warn = ({ message }: Error): void => void stderr.output.write(`${message}\n`)
    process.on('warning', warn)
    const outside = {
      version,
      stdin: Readable.from([Buffer.from(input)]),
      stdout: stdout.output,
      stderr: stderr.output,
      env,
      now: Date.now,
      self: { file: process.execPath, args: [program] }
    }
    try {
      const code = await runCli(args, outside, async () => toolsWith(identitySecretIn(env)))
      await setImmediate()
      return { code, signal: null, stdout: stdout.text(), stderr: stderr.text() }
    } finally {
      process.off('warning', warn)
    }
  })
