import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { inject, onTestFinished } from 'vitest'

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

/** How long another process may take to build, on a machine that has much else to do; a hang is longer. */
const longestBuildMs = 300_000

const pause = new Int32Array(new SharedArrayBuffer(4))

const build = (folder: string): void => {
  // a store's thread is started from beside the program, or what it loads, as it is from beside the built package
  const thread = resolve('dist/bin/writer-thread.js')
  for (const where of ['.', 'test/process']) {
    mkdirSync(join(folder, where), { recursive: true })
    writeFileSync(join(folder, where, 'writer-thread.js'), `import ${JSON.stringify(thread)}\n`)
  }
  const how = ['--config', 'tsdown.children.config.ts', '--out-dir', folder]
  try {
    execFileSync(join('node_modules', '.bin', 'tsdown'), how, { stdio: 'pipe' })
  } finally {
    // who waits finds out by itself what is missing
    writeFileSync(join(folder, 'done'), '')
  }
}

/** Whether this is the process that is to build what is in the folder. */
const isFirst = (folder: string): boolean => {
  try {
    mkdirSync(join(folder, 'begun'))
    return true
  } catch {
    return false
  }
}

/**
 * A program, built from the sources: Node 20 runs no TypeScript, and `dist` may be old. Whoever is the first to ask for one
 * builds them all.
 */
export const program = (path: string): Program => {
  const folder = inject('children')
  if (isFirst(folder)) build(folder)
  const end = performance.now() + longestBuildMs
  while (!existsSync(join(folder, 'done'))) {
    if (performance.now() > end) throw new Error('the programs of the tests were not built')
    Atomics.wait(pause, 0, 0, 50)
  }
  return { file: join(folder, path.replace(/\.ts$/, '.mjs')) }
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
