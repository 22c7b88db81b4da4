import { vi } from 'vitest'

/** Waits until a check holds; long enough for a machine that is busy with other tests. */
export const eventually = <A>(check: () => A | Promise<A>, timeout = 60_000): Promise<A> =>
  vi.waitFor(check, { timeout, interval: 5 })
