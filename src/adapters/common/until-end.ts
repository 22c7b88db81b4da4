import { constVoid } from 'fp-ts/function'

const close = async <A>(iterator: AsyncIterator<A>): Promise<void> => {
  await iterator.return?.()
}

async function* untilEndOf<A>(items: AsyncIterable<A>, end: AbortSignal): AsyncGenerator<A> {
  const iterator = items[Symbol.asyncIterator]()
  let wake = constVoid
  const onEnd = (): void => wake()
  // not `Promise.race` with one promise for the end: that promise would hold on to every item that came before it
  const nextOrEnd = (): Promise<IteratorResult<A> | undefined> =>
    new Promise((resolve, reject) => {
      wake = () => resolve(undefined)
      iterator.next().then(resolve, reject)
    })
  end.addEventListener('abort', onEnd, { once: true })
  let open = true
  try {
    while (!end.aborted) {
      const next = await nextOrEnd()
      if (next === undefined || end.aborted) return
      open = !next.done
      if (next.done) return
      yield next.value
    }
  } catch (cause) {
    open = false
    throw cause
  } finally {
    end.removeEventListener('abort', onEnd)
    // not awaited: an iterator that waits for something else would hear of it only after that
    if (open) close(iterator).catch(constVoid)
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
