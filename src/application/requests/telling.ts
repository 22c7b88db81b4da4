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
