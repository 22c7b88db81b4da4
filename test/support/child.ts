import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, onTestFinished } from 'vitest'

/** A TypeScript program of the tests, made ready to run as a process of its own. */
export type Program = { readonly file: string }

/** A process that says what it does in lines of JSON, and is told what to do in the same way. */
export type Child<Message> = {
  /** All that it said so far. */
  readonly said: ReadonlyArray<Message>
  /** Waits for it to say what fits, or for what it said already; fails where it ends before. */
  readonly hear: (fits: (message: Message) => boolean) => Promise<Message>
  readonly tell: (message: unknown) => void
  readonly isAlive: () => boolean
  /** Kills it as a machine that loses power does: nothing of it runs any more. Resolves once it is gone. */
  readonly kill: () => Promise<void>
  /** Resolves once it ended by itself; fails where it did not end well. */
  readonly end: () => Promise<void>
}

/**
 * Builds a program once for a test file, from the sources: Node 20 runs no TypeScript, and `dist` may be old. It is
 * put inside the project, from where it finds its packages.
 */
export const program = (path: string): Program => {
  mkdirSync('.tmp', { recursive: true })
  const folder = mkdtempSync(resolve('.tmp/child-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const how = ['--no-config', '--no-dts', '--platform', 'node', '--target', 'node20', '--logLevel', 'error']
  execFileSync(join('node_modules', '.bin', 'tsdown'), [path, '--out-dir', folder, ...how], { stdio: 'pipe' })
  // a store's thread is started from beside the program, as it is from beside the built package
  const thread = resolve('dist/adapters/sqlite/worker/writer-thread.js')
  writeFileSync(join(folder, 'writer-thread.js'), `import ${JSON.stringify(thread)}\n`)
  return { file: join(folder, basename(path).replace(/\.ts$/, '.mjs')) }
}

const exitOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => child.once('close', (code, signal) => resolve(String(signal ?? code))))

export type StartOptions = {
  /** A program that runs Node, and what it is given before Node's own command line. */
  readonly through?: readonly [command: string, ...before: ReadonlyArray<string>]
}

/** Starts a program, which goes with the test. Its arguments are one value, as JSON. */
export const start = <Message>(
  { file }: Program,
  argument: unknown,
  { through }: StartOptions = {}
): Child<Message> => {
  const [command = process.execPath, ...before] = through ? [...through, process.execPath] : [process.execPath]
  const child = spawn(command, [...before, file, JSON.stringify(argument)])
  const said: Array<Message> = []
  const listeners = new Set<() => void>()
  let errors = ''
  let ended: string | undefined
  const notice = (): void => {
    for (const listener of [...listeners]) listener()
  }
  child.stdin.on('error', () => {})
  child.stderr.on('data', (text) => {
    errors += text
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    said.push(JSON.parse(line))
    notice()
  })
  const exit = exitOf(child).then((how) => {
    ended = how
    notice()
    return how
  })
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await exit
  }
  onTestFinished(kill)
  return {
    said,
    hear: (fits) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = said.find(fits)
          if (found === undefined && ended === undefined) return
          listeners.delete(look)
          if (found === undefined) reject(new Error(`the process ended (${ended}) and had not said it: ${errors}`))
          else resolve(found)
        }
        listeners.add(look)
        look()
      }),
    tell: (message) => child.stdin.write(`${JSON.stringify(message)}\n`),
    isAlive: () => ended === undefined,
    kill,
    end: async () => {
      const how = await exit
      if (how !== '0') throw new Error(`the process ended with ${how}: ${errors}`)
    }
  }
}
