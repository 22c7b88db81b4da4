import * as fc from 'fast-check'
import type { OutcomeInput } from '../../src/application/requests/requests.ts'
import type { Answer } from '../../src/domain/answers.ts'
import type { Claim } from '../../src/domain/claim.ts'
import type { Failure } from '../../src/domain/failure.ts'
import { KeyfoldError, type Ledger } from '../../src/index.ts'
import { asking, idOf, keyOf } from '../support/scripted-ledger.ts'
import type { Watch } from './unruly-store.ts'

export const keys = ['a', 'b']

const kinds = [
  'reserve',
  'reserve',
  'reserve',
  'reserveAgain',
  'complete',
  'complete',
  'completeAgain',
  'release',
  'renew',
  'reachPoint',
  'markInDoubt',
  'completeByKey',
  'completeByOperator',
  'expire',
  'expireByOperator',
  'get'
] as const

/** One thing that a client does; `pick` chooses among the claims that were ever granted, to whomever. */
export type Deed = {
  readonly kind: (typeof kinds)[number]
  readonly key: string
  readonly pick: number
  readonly fingerprint: string
  readonly lease: number | 'none'
  readonly retention: number | undefined
  /** How much time goes by before it, ms. */
  readonly elapsed: number
}

export const arbitraryDeed: fc.Arbitrary<Deed> = fc.record({
  kind: fc.constantFrom(...kinds),
  key: fc.constantFrom(...keys),
  pick: fc.nat({ max: 7 }),
  fingerprint: fc.constantFrom('fp', 'fp', 'fp', 'other'),
  lease: fc.constantFrom<number | 'none'>(30, 100, 1000, 'none'),
  retention: fc.constantFrom(undefined, undefined, 200),
  elapsed: fc.constantFrom(0, 0, 0, 20, 150)
})

/** What was said and what came of it. `mark` is found in the stream where the deed was written, and nowhere else. */
export type Said = {
  readonly kind: Deed['kind']
  readonly key: string
  readonly mark: string
  /** How many events the key's stream held when it was said. */
  readonly since: number
  readonly claim?: Claim
  readonly outcome?: OutcomeInput
  readonly answer?: Answer | undefined
  /** Of a claim that was granted: whether the process had seen it to be the current one, and what it had doubts of. */
  readonly granted?: { readonly wasCurrent: boolean; readonly doubted: ReadonlySet<string> }
  readonly failed?: Failure
}

/** What all clients of all processes know together. */
export type Ground = {
  readonly said: Array<Said>
  /** Every claim that was granted, or may stand. */
  readonly claims: Array<Claim>
  readonly outcomes: Map<string, OutcomeInput>
  readonly pass: (ms: number) => void
  readonly lengthOf: (key: string) => Promise<number>
}

type Run = {
  readonly mark: string
  readonly claim?: Claim
  readonly outcome?: OutcomeInput
  readonly go: () => Promise<Answer | undefined>
}

const runOf = (ledger: Ledger, deed: Deed, ground: Ground, mark: string): Run | undefined => {
  const claims = ground.claims.filter(({ recordId }) => recordId === idOf(deed.key))
  const claim = claims[deed.pick % Math.max(1, claims.length)]
  const outcome: OutcomeInput = { outcomeKind: 'done', primaryRefId: mark }
  const reserve = (claimId: string): Run => ({
    mark: claimId,
    go: () =>
      ledger.reserve({
        ...asking({ key: deed.key, requestFingerprint: deed.fingerprint, lease: deed.lease, claimId }),
        retentionMs: deed.retention
      })
  })
  const operator = { ...keyOf(deed.key), actor: 'operator', note: mark }
  switch (deed.kind) {
    case 'reserve':
      return reserve(mark)
    case 'reserveAgain':
      return claim && reserve(claim.claimId)
    case 'complete':
      return claim && { mark, claim, outcome, go: () => ledger.complete({ claim, outcome }) }
    case 'completeAgain': {
      const same = claim && ground.outcomes.get(JSON.stringify(claim))
      const again = same?.primaryRefId
      return claim && same && again
        ? { mark: again, claim, outcome: same, go: () => ledger.complete({ claim, outcome: same }) }
        : undefined
    }
    case 'release':
      return claim && { mark, claim, go: () => ledger.release({ claim, note: mark }) }
    case 'renew':
      return claim && { mark, claim, go: () => ledger.renew({ claim, leaseMs: 100 + deed.pick }) }
    case 'reachPoint':
      return claim && { mark, claim, go: () => ledger.reachRecoveryPoint({ claim, name: 'step', data: mark }) }
    case 'markInDoubt':
      return claim && { mark, claim, go: () => ledger.markInDoubt({ claim, note: mark }) }
    case 'completeByKey':
      return { mark, outcome, go: () => ledger.completeByKey({ ...keyOf(deed.key), outcome }) }
    case 'completeByOperator':
      return { mark, outcome, go: () => ledger.completeByOperator({ ...operator, outcome }) }
    case 'expire':
      return { mark, go: () => ledger.expire({ recordId: idOf(deed.key) }) }
    case 'expireByOperator':
      return { mark, go: () => ledger.expireByOperator(operator) }
    case 'get':
      return { mark, go: async () => void (await ledger.get(keyOf(deed.key))) }
  }
}

/** Does one deed after another, and writes down what was said; a claim that may stand is known from then on. */
export const client = async (
  ledger: Ledger,
  watched: Watch,
  name: string,
  deeds: ReadonlyArray<Deed>,
  ground: Ground
): Promise<void> => {
  for (const [index, deed] of deeds.entries()) {
    ground.pass(deed.elapsed)
    const run = runOf(ledger, deed, ground, `${name}-${index}`)
    if (run === undefined) continue
    const { kind, key } = deed
    const { go, ...said } = run
    const what = { ...said, since: await ground.lengthOf(key) }
    if (what.claim && what.outcome) ground.outcomes.set(JSON.stringify(what.claim), what.outcome)
    try {
      const answer = await go()
      const claim = answer?._tag === 'Reserved' ? answer.claim : undefined
      if (claim !== undefined) ground.claims.push(claim)
      const granted = claim && { wasCurrent: watched.wasCurrent(claim), doubted: watched.doubted }
      ground.said.push({ kind, key, ...what, answer, ...(granted && { granted }) })
    } catch (cause) {
      if (!(cause instanceof KeyfoldError)) throw cause
      if (cause.claim !== undefined) ground.claims.push(cause.claim)
      ground.said.push({ kind, key, ...what, failed: cause.failure })
    }
  }
}
