import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Answers, CompleteAnswer, ReleaseAnswer, ReserveAnswer, Reserved } from '../../domain/answers.ts'
import type { Claim } from '../../domain/claim.ts'
import type { Reserve } from '../../domain/commands.ts'
import { type Failure, invalidInput } from '../../domain/failure.ts'
import type { Parsed } from '../../domain/parse.ts'
import type { CompleteAllRequest, ReleaseAllRequest, ReserveAllRequest } from '../../domain/requests.ts'
import type { Engine } from '../engine.ts'
import type { Settings } from '../settings.ts'
import { type Prepared, submitParsed } from '../submit.ts'
import { parseComplete } from './complete.ts'
import { parseRelease } from './hold.ts'
import { parseReserve } from './reserve.ts'

/** Every key was reserved: the answers, in the order of the requests. */
export type AllReserved = { readonly _tag: 'AllReserved'; readonly reservations: ReadonlyArray<Reserved> }

/**
 * One key stood in the way. What had been taken is released again, but for the records in `unreleased`, whose leases
 * run out.
 */
export type Blocked = {
  readonly _tag: 'Blocked'
  /** Which request it was, by its place among the requests. */
  readonly index: number
  readonly recordId: string
  readonly answer: Exclude<ReserveAnswer, Reserved>
  readonly unreleased: ReadonlyArray<string>
}

type Ordered = { readonly index: number; readonly prepared: Prepared<Reserve> }

const atIndex = (failure: Failure, index: number): Failure => ({
  ...failure,
  message: `request ${index}: ${failure.message}`,
  ...(failure.path === undefined ? {} : { path: failure.path.replace('$', `$[${index}]`) })
})

/** Parses all requests before anything is written, and puts them in ascending order of their record ids. */
const inOrder = (settings: Settings, requests: ReadonlyArray<ReserveAllRequest>): Parsed<ReadonlyArray<Ordered>> => {
  if (!Array.isArray(requests) || requests.length === 0) {
    return E.left(invalidInput('reserveAll takes a list of at least one request', '$'))
  }
  const ordered: Array<Ordered> = []
  const seen = new Set<string>()
  for (const [index, request] of requests.entries()) {
    const parsed = parseReserve(settings, request)
    if (E.isLeft(parsed)) return E.left(atIndex(parsed.left, index))
    if (!Number.isInteger(request.lease)) {
      return E.left(atIndex(invalidInput('a lease is mandatory where several keys are reserved', '$.lease'), index))
    }
    const { recordId } = parsed.right
    if (seen.has(recordId)) return E.left(atIndex(invalidInput('the same key is named twice', '$.key'), index))
    seen.add(recordId)
    ordered.push({ index, prepared: parsed.right })
  }
  return E.right(ordered.sort((a, b) => (a.prepared.recordId < b.prepared.recordId ? -1 : 1)))
}

/** Releases what was taken, latest first; tells what could not be released. */
const giveBack = async (engine: Engine, taken: ReadonlyArray<Reserved>): Promise<ReadonlyArray<string>> => {
  const unreleased: Array<string> = []
  for (const { claim } of taken.toReversed()) {
    const released = await submitParsed(
      engine,
      parseRelease
    )({ claim, note: 'another key of the same request was blocked' })()
    if (E.isLeft(released)) unreleased.push(claim.recordId)
  }
  return unreleased
}

/**
 * Claims several keys, or none: in ascending order of record ids, so that two callers never wait for each other. On
 * the first answer that is not `Reserved`, or an error, it releases what it took.
 */
export const reserveAll =
  (engine: Engine) =>
  (requests: ReadonlyArray<ReserveAllRequest>): TE.TaskEither<Failure, AllReserved | Blocked> =>
  async () => {
    const ordered = inOrder(engine.settings, requests)
    if (E.isLeft(ordered)) return ordered
    const taken: Array<{ readonly index: number; readonly reserved: Reserved }> = []
    for (const { index, prepared } of ordered.right) {
      const { recordId } = prepared
      const result = await engine.submit(recordId, prepared.submission)()
      if (E.isRight(result) && result.right._tag === 'Reserved') {
        taken.push({ index, reserved: result.right })
        continue
      }
      const unreleased = await giveBack(
        engine,
        taken.map(({ reserved }) => reserved)
      )
      if (E.isLeft(result)) return E.left({ ...result.left, recordId, unreleased })
      if (result.right._tag !== 'Reserved') {
        return E.right({ _tag: 'Blocked', index, recordId, answer: result.right, unreleased })
      }
    }
    const reservations = taken.sort((a, b) => a.index - b.index).map(({ reserved }) => reserved)
    return E.right({ _tag: 'AllReserved', reservations })
  }

/** Runs one command per claim, in descending order of record ids; answers in the order of the claims. */
const eachClaim =
  <A>(run: (claim: Claim) => TE.TaskEither<Failure, A>) =>
  (claims: ReadonlyArray<Claim>): TE.TaskEither<Failure, ReadonlyArray<A>> => {
    if (!Array.isArray(claims)) return TE.left(invalidInput('$.claims must be a list of claims', '$.claims'))
    const order = [...claims.keys()].sort((a, b) =>
      (claims[a]?.recordId ?? '') < (claims[b]?.recordId ?? '') ? 1 : -1
    )
    return async () => {
      const answers = new Map<number, A>()
      for (const index of order) {
        const claim = claims[index]
        if (claim === undefined) return E.left(invalidInput('$.claims must be a list of claims', '$.claims'))
        const answer = await run(claim)()
        if (E.isLeft(answer)) return E.left({ recordId: claim.recordId, ...answer.left })
        answers.set(index, answer.right)
      }
      return E.right([...answers.entries()].sort(([a], [b]) => a - b).map(([, answer]) => answer))
    }
  }

/** The same outcome on each claim, in reverse order. Stops at the first error; safe to repeat after it, or a crash. */
export const completeAll =
  (engine: Engine) =>
  ({ claims, ...request }: CompleteAllRequest): TE.TaskEither<Failure, ReadonlyArray<CompleteAnswer>> =>
    pipe(
      claims,
      eachClaim<Answers['Complete']>((claim) => submitParsed(engine, parseComplete)({ ...request, claim }))
    )

/** Releases each claim, in reverse order. Stops at the first error; safe to repeat after it, or a crash. */
export const releaseAll =
  (engine: Engine) =>
  ({ claims, ...request }: ReleaseAllRequest): TE.TaskEither<Failure, ReadonlyArray<ReleaseAnswer>> =>
    pipe(
      claims,
      eachClaim<Answers['Release']>((claim) => submitParsed(engine, parseRelease)({ ...request, claim }))
    )
