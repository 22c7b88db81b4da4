type Listener = (...told: never) => unknown

/**
 * A listener whose rejection, where it is an async function, is thrown when it is told the next time: whoever tells it
 * catches what it throws, and nobody would hear of a rejection, by which the process would end. A promise is not waited
 * for: what it rejects with after the last telling is let pass.
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
