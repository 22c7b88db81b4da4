import { performance } from 'node:perf_hooks'
import * as E from 'fp-ts/Either'
import { sleep } from '../../node/timer.ts'
import type { Context } from '../client/client.ts'
import { outOfTime } from './judge-by-code.ts'
import type { Verdict } from './verdict.ts'

const firstMs = 5
const maxMs = 250

/** Appends must not be repeated here unless they certainly did nothing; reads do nothing anyway. */
type Kind = 'append' | 'read'

/**
 * Whether the same call may do better within its deadline: because the client has turned to another node or channel,
 * because an election will end, because a server that answered before may come back, or to see whether what it did not
 * foresee lasts. One that never answered is told at once.
 */
const isWorthwhile = (kind: Kind, { error, notWritten, elsewhere, lasting }: Verdict, hasMet: boolean): boolean =>
  lasting !== 'certainly' &&
  (notWritten || kind === 'read') &&
  (elsewhere || lasting === 'twice' || (error._tag === 'StoreUnavailable' && hasMet))

/** Repeats a call while that is worthwhile. Each try gets what is left of the deadline. */
export const retry = async <A>(
  { deadlineMs, lifetime, wire }: Context,
  kind: Kind,
  call: (ms: number) => Promise<E.Either<Verdict, A>>
): Promise<E.Either<Verdict, A>> => {
  const deadlineAt = performance.now() + deadlineMs
  let reason: E.Either<Verdict, never> | undefined
  let unforeseen = 0
  for (let attempt = 0; ; attempt++) {
    const result = await call(Math.max(1, Math.ceil(deadlineAt - performance.now())))
    if (E.isRight(result)) return result
    // time that ran out over new tries is no news beside why they were needed
    const isLate = result.left.notWritten && result.left.error._tag === 'StoreTimeout' && !result.left.elsewhere
    if (isLate) return reason ?? result
    if (result.left.lasting === 'twice' && unforeseen++ > 0) return E.left({ ...result.left, hasLasted: true })
    if (!isWorthwhile(kind, result.left, wire.hasMet()) || lifetime.isOver()) return result
    if (!result.left.superseded) reason = result
    const wait = Math.random() * Math.min(maxMs, firstMs * 2 ** attempt)
    // a try with hardly any time left would turn what is certain into a doubt
    if (performance.now() + wait + deadlineMs / 8 >= deadlineAt) {
      return result.left.superseded ? (reason ?? E.left(outOfTime(result.left.error.cause))) : result
    }
    await sleep(wait)
  }
}
