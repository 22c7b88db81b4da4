/** `Symbol.asyncDispose`, where the library that the reader of these types compiles with knows it. */
type AsyncDispose = SymbolConstructor extends { readonly asyncDispose: infer S extends symbol } ? S : never

/** What `await using` disposes of at the end of its block. */
export type AsyncDisposing = { readonly [S in AsyncDispose]: () => Promise<void> }

/**
 * The same, to be disposed of by `await using` too. It is done by way of whatever it is called on, so that a copy with a
 * `dispose` of its own is disposed of by that.
 */
export const asyncDisposable = <A extends object>(value: A, dispose: (it: A) => Promise<void>): A & AsyncDisposing => {
  // absent where Node 20 runs code in a context of its own, as Jest does: nobody can write `await using` there
  if (typeof Symbol.asyncDispose !== 'symbol') return value as A & AsyncDisposing
  return {
    ...value,
    [Symbol.asyncDispose](this: A) {
      return dispose(this)
    }
  }
}
