const ignore = (): void => {}

const close = async <A>(iterator: AsyncIterator<A>): Promise<void> => {
  await iterator.return?.()
}

async function* untilEndOf<A>(items: AsyncIterable<A>, end: AbortSignal): AsyncGenerator<A> {
  const iterator = items[Symbol.asyncIterator]()
  let wake = ignore
  const ended = new Promise<undefined>((resolve) => {
    wake = () => resolve(undefined)
  })
  end.addEventListener('abort', wake, { once: true })
  let open = true
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), ended])
      if (next === undefined || end.aborted) return
      open = !next.done
      if (next.done) return
      yield next.value
    }
  } catch (cause) {
    open = false
    throw cause
  } finally {
    end.removeEventListener('abort', wake)
    // not awaited: an iterator that waits for something else would hear of it only after that
    if (open) close(iterator).catch(ignore)
  }
}

/**
 * What a caller hands over piece by piece, until the store's end: a caller that never hands over the next piece must
 * not keep the store waiting. Whether the end came first, the signal tells.
 */
export async function* untilEnd<A>(items: Iterable<A> | AsyncIterable<A>, end: AbortSignal): AsyncGenerator<A> {
  if (end.aborted) return
  if (Symbol.asyncIterator in items) return yield* untilEndOf(items, end)
  for (const item of items) {
    yield item
    if (end.aborted) return
  }
}
