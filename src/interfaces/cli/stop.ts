import { setMaxListeners } from 'node:events'
import process from 'node:process'
import type { CliDeps } from './deps.ts'
import { exit } from './errors/exit-codes.ts'

/** Why a command is to stop early, as an exit code; it is the signal's reason too. */
export type Stop = {
  readonly signal: AbortSignal
  readonly code: () => number | undefined
  readonly release: () => void
}

const signals = { SIGINT: exit.interrupted, SIGTERM: exit.terminated } as const

/**
 * Stops on the first SIGINT or SIGTERM, and when nobody reads stdout any more. What is being written to the store is
 * finished. A second signal ends the process at once, as it does by default.
 */
export const stopOn = ({ stdin, stdout, stderr }: Pick<CliDeps, 'stdin' | 'stdout' | 'stderr'>): Stop => {
  const controller = new AbortController()
  // as many may wait for it as work at the same time
  setMaxListeners(0, controller.signal)
  let code: number | undefined
  const stop = (why: number) => (): void => {
    code ??= why
    controller.abort(code)
    // a terminal or an open pipe would keep the process alive
    stdin.destroy()
  }
  const interrupted = stop(signals.SIGINT)
  const terminated = stop(signals.SIGTERM)
  const onOutputError = (cause: NodeJS.ErrnoException): void => {
    stop(cause.code === 'EPIPE' ? exit.readerGone : exit.unexpected)()
    if (cause.code !== 'EPIPE') stderr.write(`error: the output could not be written (${cause.code})\n`)
  }
  process.once('SIGINT', interrupted)
  process.once('SIGTERM', terminated)
  stdout.on('error', onOutputError)
  // there is nobody left to tell
  stderr.on('error', () => {})
  return {
    signal: controller.signal,
    code: () => code,
    release: () => {
      process.off('SIGINT', interrupted)
      process.off('SIGTERM', terminated)
    }
  }
}
