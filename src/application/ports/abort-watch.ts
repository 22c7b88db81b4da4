type Watched = { readonly callbacks: Set<() => void>; readonly listener: () => void }

/** Calls back once a signal is aborted, unless the watch is given up before; gives a way to give it up. */
export type AbortWatch = (signal: AbortSignal, onAbort: () => void) => () => void

/** One listener a signal, however many share it: a signal for a whole shutdown is a common thing, and Node warns of ten. */
export const abortWatch = (): AbortWatch => {
  const watched = new WeakMap<AbortSignal, Watched>()

  const watch = (signal: AbortSignal): Watched => {
    const callbacks = new Set<() => void>()
    const listener = (): void => {
      for (const callback of [...callbacks]) callback()
    }
    const fresh = { callbacks, listener }
    watched.set(signal, fresh)
    signal.addEventListener('abort', listener)
    return fresh
  }

  return (signal, onAbort) => {
    const { callbacks, listener } = watched.get(signal) ?? watch(signal)
    callbacks.add(onAbort)
    return () => {
      if (!callbacks.delete(onAbort) || callbacks.size > 0) return
      signal.removeEventListener('abort', listener)
      watched.delete(signal)
    }
  }
}
