/**
 * Tells a listener, if there is one. What it throws goes to `failed`, and what it rejects with later, where it is an async
 * function: nobody else would hear of that, and the process would end by it.
 */
export const telling =
  <A extends ReadonlyArray<unknown>>(
    listener: ((...told: A) => unknown) | undefined,
    failed: (cause: unknown) => void
  ) =>
  (...told: A): void => {
    try {
      const answer = listener?.(...told)
      if (answer !== undefined) Promise.resolve(answer).catch(failed)
    } catch (cause) {
      failed(cause)
    }
  }

type Listener = (...told: never) => unknown

/**
 * The same for whoever catches what a listener throws, and ends by it: what it rejects with is thrown when it is told the
 * next time. A promise is not waited for: what it rejects with after the last telling is let pass.
 */
export const heard = <L extends Listener>(told: L): L => {
  let rejection: { readonly cause: unknown } | undefined
  return new Proxy(told, {
    apply: (target, self, given) => {
      if (rejection !== undefined) throw rejection.cause
      const answer: unknown = Reflect.apply(target, self, given)
      if (answer !== undefined) {
        Promise.resolve(answer).catch((cause: unknown) => {
          rejection ??= { cause }
        })
      }
      return answer
    }
  })
}
