import { Presets, SingleBar } from 'cli-progress'
import type { CliDeps } from '../deps.ts'

export type Progress = { readonly at: (done: number, total?: number) => void; readonly stop: () => void }

const none: Progress = { at: () => {}, stop: () => {} }

/** A bar on stderr while long work runs; nothing where stderr is no terminal. */
export const progress = ({ stderr, env }: Pick<CliDeps, 'stderr' | 'env'>, what: string, total: number): Progress => {
  if (stderr.isTTY !== true || env['TERM'] === 'dumb') return none
  const bar = new SingleBar(
    {
      stream: stderr,
      format: `${what} [{bar}] {percentage}% | {value}/{total} | {eta_formatted} left`,
      clearOnComplete: true,
      hideCursor: true,
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
