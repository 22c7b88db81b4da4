import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Answers, CompleteAnswer, ReleaseAnswer } from '../../domain/answers.ts'
import type { Claim } from '../../domain/claim.ts'
import type { Command, Complete } from '../../domain/commands.ts'
import { amended, type Failure } from '../../domain/failure.ts'
import { mismatch, type Parsed } from '../../domain/parsing/parsed.ts'
import type { Engine } from '../engine/engine.ts'
import { clockTime } from '../ports/clock-time.ts'
import { completeAllMembers, releaseAllMembers } from '../requests/members.ts'
import { parseComplete } from '../requests/parse-complete.ts'
import { parseRelease } from '../requests/parse-hold.ts'
import { parseRequest } from '../requests/parse-request.ts'
import type { Prepared } from '../requests/prepared.ts'
import type { CompleteAllRequest, ReleaseAllRequest } from '../requests/requests.ts'
import type { Settings } from '../settings.ts'

type ManyClaims = { readonly claims: ReadonlyArray<Claim> }

const atIndex = (failed: Failure, index: number): Failure => {
  const named = (text: string): string => text.replace('$.claim', `$.claims[${index}]`)
  return amended(failed, {
    message: named(failed.message),
    ...(failed.path !== undefined && { path: named(failed.path) })
  })
}

/** Parses a request once for each of its claims, before anything is written. */
const parseEach =
  <R extends ManyClaims, C extends Command>(
    parse: (settings: Settings, request: Omit<R, 'claims'> & { readonly claim: Claim }) => Parsed<Prepared<C>>
  ) =>
  (settings: Settings, { claims, ...request }: R): Parsed<ReadonlyArray<Prepared<C>>> => {
    if (!Array.isArray(claims)) return mismatch('$.claims', 'must be a list of claims', claims)
    const all: Array<Prepared<C>> = []
    for (const [index, claim] of claims.entries()) {
      const parsed = parse(settings, { ...request, claim })
      if (E.isLeft(parsed)) return E.left(atIndex(parsed.left, index))
      all.push(parsed.right)
    }
    return E.right(all)
  }

/** Submits in descending order of record ids, one after another; answers in the order that was given. */
const submitDescending = async <C extends Command>(
  engine: Engine,
  all: ReadonlyArray<Prepared<C>>
): Promise<E.Either<Failure, ReadonlyArray<Answers[C['_tag']]>>> => {
  const descending = [...all.entries()].sort(([, a], [, b]) => (a.recordId < b.recordId ? 1 : -1))
  const answers: Array<Answers[C['_tag']]> = []
  for (const [index, { recordId, submission }] of descending) {
    const answer = await engine.submit(recordId, submission)()
    if (E.isLeft(answer)) return E.left(amended(answer.left, { recordId: answer.left.recordId ?? recordId }))
    answers[index] = answer.right
  }
  return E.right(answers)
}

/** Every command says the same outcome, its time too, whenever each of them is decided. */
const withOneOutcome = (
  settings: Settings,
  all: ReadonlyArray<Prepared<Complete>>
): Parsed<ReadonlyArray<Prepared<Complete>>> => {
  const given = all[0]?.submission.nowMs
  return pipe(
    given === undefined ? clockTime(settings.clock) : E.right(given),
    E.map((first) =>
      all.map(({ recordId, submission }) => {
        const { outcome } = submission.at(first)
        return { recordId, submission: { ...submission, at: (atMs) => ({ ...submission.at(atMs), outcome }) } }
      })
    )
  )
}

/** The same outcome on each claim, in reverse order. Stops at the first error; safe to repeat after it, or a crash. */
export const completeAll =
  (engine: Engine) =>
  (request: CompleteAllRequest): TaskEither<Failure, ReadonlyArray<CompleteAnswer>> =>
    engine.admit(async () => {
      const parsed = parseRequest(engine.settings, parseEach(parseComplete), request, completeAllMembers)
      if (E.isLeft(parsed)) return parsed
      const all = withOneOutcome(engine.settings, parsed.right)
      return E.isLeft(all) ? all : submitDescending(engine, all.right)
    })

/** Releases each claim, in reverse order. Stops at the first error; safe to repeat after it, or a crash. */
export const releaseAll =
  (engine: Engine) =>
  (request: ReleaseAllRequest): TaskEither<Failure, ReadonlyArray<ReleaseAnswer>> =>
    engine.admit(async () => {
      const parsed = parseRequest(engine.settings, parseEach(parseRelease), request, releaseAllMembers)
      return E.isLeft(parsed) ? parsed : submitDescending(engine, parsed.right)
    })
