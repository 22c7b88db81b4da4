import type { AbortWatch } from '../ports/abort-watch.ts'

/** What a signal ends, and what can be ended without it. */
export type Halting = {
  readonly signal: AbortSignal
  readonly halt: () => void
  /** Hears the given signal no more. */
  readonly letGo: () => void
}

/** Follows a signal that is given. It may be of another realm, and `AbortSignal.any` would be deaf to it, and not say so. */
export const halting = (watch: AbortWatch, given: AbortSignal | undefined): Halting => {
  const controller = new AbortController()
  const halt = (): void => controller.abort()
  const unwatch = given && watch(given, halt)
  if (given?.aborted) halt()
  return { signal: controller.signal, halt, letGo: () => unwatch?.() }
}
