import { createRequire } from 'node:module'
import type CliProgress from 'cli-progress'
import type { CliDeps } from '../deps.ts'
import { printable } from './printable.ts'

export type Progress = { readonly at: (done: number, total?: number) => void; readonly stop: () => void }

const none: Progress = { at: () => {}, stop: () => {} }

const inUnit = {
  items: String,
  bytes: (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
} as const

/** Loaded where there is a terminal to show it: most commands have none, and start without. */
const library = (): typeof CliProgress => createRequire(import.meta.url)('cli-progress')

/** A bar on stderr while long work runs; nothing where stderr is no terminal. */
export const progress = (
  { stderr, env }: Pick<CliDeps, 'stderr' | 'env'>,
  what: string,
  total: number,
  unit: keyof typeof inUnit = 'items'
): Progress => {
  if (stderr.isTTY !== true || env['TERM'] === 'dumb') return none
  const { Presets, SingleBar } = library()
  const bar = new SingleBar(
    {
      stream: stderr,
      format: `${printable(what)} [{bar}] {percentage}% | {value}/{total} | {eta_formatted} left`,
      formatValue: (value, _, type) => (type === 'value' || type === 'total' ? inUnit[unit](value) : String(value)),
      clearOnComplete: true,
      hideCursor: true,
      emptyOnZero: true,
      fps: 10
    },
    Presets.shades_classic
  )
  bar.start(total, 0)
  return {
    at: (done, newTotal) => {
      if (newTotal !== undefined) bar.setTotal(newTotal)
      bar.update(done)
    },
    stop: () => {
      bar.stop()
    }
  }
}

/** How far long work is of which nobody knows the length, on stderr; nothing where that is no terminal. */
export const counter = (
  { stderr, env }: Pick<CliDeps, 'stderr' | 'env'>,
  what: string,
  unit: string
): { readonly at: (done: number) => void; readonly stop: () => void } => {
  if (stderr.isTTY !== true || env['TERM'] === 'dumb') return none
  const { Presets, SingleBar } = library()
  const bar = new SingleBar(
    {
      stream: stderr,
      format: `${printable(what)} | {value} ${printable(unit)} | {duration_formatted}`,
      clearOnComplete: true,
      hideCursor: true,
      fps: 10
    },
    Presets.shades_classic
  )
  bar.start(0, 0)
  return { at: (done) => bar.update(done), stop: () => bar.stop() }
}
