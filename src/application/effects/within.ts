import { abortWatch } from '../ports/abort-watch.ts'
import type { Timer } from '../ports/timer.ts'

const onAbort = abortWatch()

/** Waits for what is not ours, and may never answer: so long at most, and no longer than until the signal is aborted. */
export const within = async <A>(
  timer: Timer,
  ms: number,
  work: Promise<A>,
  late: () => A,
  signal?: AbortSignal
): Promise<A> => {
  const over = new AbortController()
  const end = (): void => over.abort()
  if (signal?.aborted) end()
  const unwatch = signal && onAbort(signal, end)
  try {
    return await Promise.race([work, timer.sleep(Math.max(0, ms), over.signal)().then(late)])
  } finally {
    end()
    unwatch?.()
  }
}
