import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import * as E from 'fp-ts/Either'
import type { Context } from './client.ts'
import type { Verdict } from './to-store-error.ts'

const firstMs = 5
const mostMs = 250

/**
 * Repeats a call that certainly did nothing because it went to the wrong node or channel: the client has turned to
 * another by then. Nothing else is repeated here. Each try gets what is left of the deadline.
 */
export const again = async <A>(
  { deadlineMs, lifetime }: Context,
  call: (ms: number) => Promise<E.Either<Verdict, A>>
): Promise<E.Either<Verdict, A>> => {
  const deadlineAt = performance.now() + deadlineMs
  for (let attempt = 0; ; attempt++) {
    const result = await call(Math.max(1, Math.ceil(deadlineAt - performance.now())))
    if (E.isRight(result) || !result.left.again || lifetime.isOver()) return result
    const wait = Math.random() * Math.min(mostMs, firstMs * 2 ** attempt)
    if (performance.now() + wait >= deadlineAt) return result
    await sleep(wait)
  }
}
