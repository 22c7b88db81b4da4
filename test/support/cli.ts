import { Readable, Writable } from 'node:stream'
import * as TE from 'fp-ts/TaskEither'
import { memoryStore } from '../../src/adapters/memory/event-store.ts'
import { memoryViews } from '../../src/adapters/memory/view-store.ts'
import type { EventStore } from '../../src/application/ports/event-store.ts'
import { cliTools } from '../../src/composition/cli-tools.ts'
import { createLedger } from '../../src/composition/ledger.ts'
import { createProjections } from '../../src/composition/projections.ts'
import type { CliDeps, Output, Where } from '../../src/interfaces/cli/deps.ts'
import { runCli } from '../../src/interfaces/cli/main.ts'

export type Said = { readonly code: number; readonly stdout: string; readonly stderr: string }

export type Terminal = {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly env?: { readonly [name: string]: string }
  readonly stdin?: string | Uint8Array
}

/** A stream that keeps what is written to it. */
export const sink = ({ isTTY = false, columns = 100 }: Terminal = {}): { output: Output; text: () => string } => {
  const chunks: Array<Uint8Array> = []
  const stream = new Writable({
    write: (chunk: Uint8Array, _, done) => {
      chunks.push(chunk)
      done()
    }
  })
  const output = isTTY ? Object.assign(stream, { isTTY, columns }) : stream
  return { output, text: () => Buffer.concat(chunks).toString() }
}

/** 2026-01-01T00:00:00Z. */
export const begin = 1_767_225_600_000

/** The command line in this process, over one memory store; its clock is one second further with each command. */
export const commandLine = (deps: Partial<CliDeps> = {}) => {
  let now = begin - 1000
  const store: EventStore = { ...memoryStore({ now: () => now }), dispose: async () => undefined }
  const views = memoryViews()
  const opened: Array<Where> = []
  const run = async (args: ReadonlyArray<string>, terminal: Terminal = {}): Promise<Said> => {
    now += 1000
    const [stdout, stderr] = [sink(terminal), sink(terminal)]
    const whole: CliDeps = {
      ...cliTools,
      version: '1.2.3',
      stdin: Readable.from([Buffer.from(terminal.stdin ?? '')]),
      stdout: stdout.output,
      stderr: stderr.output,
      env: terminal.env ?? {},
      now: () => now,
      openLedger: (where) => {
        opened.push(where)
        const { category } = where
        const ledger = createLedger({
          store,
          clock: () => now,
          ...(category === undefined ? {} : { category })
        })
        return TE.right({ ledger: ledger.taskEither, dispose: () => ledger.dispose() })
      },
      openProjections: ({ category }) => {
        const projections = createProjections({
          store,
          views,
          clock: () => now,
          ...(category === undefined ? {} : { category })
        })
        return TE.right({ projections: projections.taskEither, dispose: () => projections.dispose() })
      },
      examine: async () => [],
      self: { file: process.execPath, args: [] },
      ...deps
    }
    const code = await runCli(args, whole, async () => whole)
    return { code, stdout: stdout.text(), stderr: stderr.text() }
  }
  return { run, opened, store, views }
}
