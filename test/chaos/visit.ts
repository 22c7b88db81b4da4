import { randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { sleep } from '../../src/adapters/node/timer.ts'
import { type Claim, KeyfoldError, type Ledger, recordId } from '../../src/index.ts'
import type { Answered, Asked, Told } from './told.ts'

/** One caller at one key. */
export type Visit = {
  readonly ledger: Ledger
  readonly key: string
  /** Unlike that of any other visit. */
  readonly name: string
  readonly chance: () => number
  /** The longest that the work takes which a claim is for, ms. */
  readonly workMs: number
  readonly note: (told: Told) => void
  /** Aborted once nobody is to ask again. */
  readonly signal?: AbortSignal | undefined
}

const tenant = { orgId: 'load', workspaceId: 'test' }
const operation = 'op'
const minute = 60_000

/** Failures that say to ask again. */
const passing: ReadonlySet<string> = new Set(['StoreUnavailable', 'StoreTimeout', 'StoreBusy', 'AppendUnknown'])
const mostTries = 20
const mostPauseMs = 100

/** What of an answer is held against the log: a run has many of them. */
const kept = (answer: Answered): Answered => {
  switch (answer._tag) {
    case 'Reserved':
      return { _tag: answer._tag, claim: answer.claim }
    case 'Renewed':
      return { _tag: answer._tag, untilMs: answer.untilMs }
    case 'Duplicate':
    case 'Conflict':
      return { _tag: answer._tag, ...(answer.unrecorded !== undefined && { unrecorded: answer.unrecorded }) }
    default:
      return { _tag: answer._tag }
  }
}

/** What a caller wants, under a mark that it can be found by. */
type Wish<A extends Answered> = { readonly mark: string; readonly asked: Asked; readonly ask: () => Promise<A> }

/**
 * Reserves a key, and does with the claim, if there is one, what callers do. Asks again where that is the advice. Tells
 * whether every question was answered in the end.
 */
export const visit = async ({ ledger, key, name, chance, workMs, note, signal }: Visit): Promise<boolean> => {
  const id = recordId(tenant, operation, key)
  let marks = 0

  /** A wish that was refused is wished anew, under another mark; one in doubt stays what it was. */
  const answerTo = async <A extends Answered>(wish: (mark: string) => Wish<A>): Promise<A | undefined> => {
    const fresh = (): Wish<A> => wish(`${name}-${marks++}.`)
    let one = fresh()
    let isDoubtful = false
    for (let tries = 0; tries < mostTries && (tries === 0 || !signal?.aborted); tries++) {
      if (tries > 0) await sleep(chance() * mostPauseMs, signal)
      const beganAt = performance.now()
      const say = (answer: Told['answer']): void =>
        note({ recordId: id, mark: one.mark, asked: one.asked, answer, beganAt, endedAt: performance.now() })
      try {
        const answer = await one.ask()
        say(kept(answer))
        return answer
      } catch (cause) {
        const tag = cause instanceof KeyfoldError ? cause.tag : 'none of keyfold’s'
        say({ _tag: 'Failed', tag })
        if (!passing.has(tag)) return undefined
        isDoubtful ||= tag === 'AppendUnknown'
        if (!isDoubtful) one = fresh()
      }
    }
    return undefined
  }

  const reserve = (laterMs: number) =>
    answerTo((mark) => {
      const request = {
        tenant,
        operation,
        key,
        owner: mark,
        requestFingerprint: chance() < 0.05 ? `another ${mark}` : 'request',
        lease: minute,
        nowMs: Date.now() + laterMs,
        claimId: randomUUID()
      }
      return { mark, asked: { do: 'reserve', claimId: request.claimId }, ask: () => ledger.reserve(request) }
    })
  const renew = (claim: Claim, afterMs: number) => {
    let untilMs = afterMs
    return answerTo((mark) => {
      // an end that no other call asked for
      untilMs = Math.max(Date.now() + minute, untilMs + 1)
      const asked = { do: 'renew', claim, untilMs } as const
      const nowMs = untilMs - minute
      return {
        mark,
        asked,
        ask: async () => {
          const answer = await ledger.renew({ claim, leaseMs: minute, nowMs })
          return answer._tag === 'Renewed' ? { _tag: answer._tag, untilMs: Number(answer.leaseExpiresAtMs) } : answer
        }
      }
    })
  }
  const release = (claim: Claim) =>
    answerTo((mark) => ({
      mark,
      asked: { do: 'release', claim },
      ask: () => ledger.release({ claim, note: mark })
    }))
  const complete = (claim: Claim) =>
    answerTo((mark) => ({
      mark,
      asked: { do: 'complete', claim },
      ask: () => ledger.complete({ claim, outcome: { outcomeKind: 'done', details: { mark } } })
    }))

  // a few come when every lease is over, and take the key over from its holder
  let answer = await reserve(chance() < 0.05 ? 10 * minute : 0)
  if (answer?._tag === 'Reserved' && chance() < 0.3) {
    if ((await renew(answer.claim, Number(answer.record.leaseExpiresAtMs))) === undefined) return false
  }
  if (answer?._tag === 'Reserved' && chance() < 0.1) {
    if ((await release(answer.claim)) === undefined) return false
    answer = await reserve(0)
  }
  if (answer?._tag !== 'Reserved') return answer !== undefined
  if (workMs > 0) await sleep(chance() * workMs, signal)
  return (await complete(answer.claim)) !== undefined
}
