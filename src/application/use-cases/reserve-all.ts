import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { ReserveAnswer, Reserved } from '../../domain/answers.ts'
import type { Reserve } from '../../domain/commands.ts'
import { amended, type Failure, invalidInput } from '../../domain/failure.ts'
import { mismatch, type Parsed } from '../../domain/parsing/parsed.ts'
import { reading } from '../../domain/parsing/reading.ts'
import type { Engine } from '../engine/engine.ts'
import { leaseOfEach } from '../requests/lease-length.ts'
import { reserveMembers } from '../requests/members.ts'
import { parseRelease } from '../requests/parse-hold.ts'
import { parseRequest } from '../requests/parse-request.ts'
import { parseReserve } from '../requests/parse-reserve.ts'
import type { Prepared } from '../requests/prepared.ts'
import type { ReserveAllRequest } from '../requests/requests.ts'
import type { Settings } from '../settings.ts'

/** Every key was reserved: the answers, in the order of the requests. */
export type AllReserved = {
  readonly _tag: 'AllReserved'
  /** The answers, in the order of the requests. */
  readonly reservations: ReadonlyArray<Reserved>
}

/**
 * One key stood in the way. What had been taken is released again, but for the records in `unreleased`, whose leases
 * run out: those that were taken over, of which whoever comes next is to be told, and those that could not be released.
 */
export type Blocked = {
  readonly _tag: 'Blocked'
  /** Which request it was, by its place among the requests. */
  readonly index: number
  /** The record id of that key. */
  readonly recordId: string
  /** What its reservation was answered. */
  readonly answer: Exclude<ReserveAnswer, Reserved>
  /** The record ids of what was not released; their leases run out. */
  readonly unreleased: ReadonlyArray<string>
}

type Wanted = { readonly index: number; readonly prepared: Prepared<Reserve> }
type Taken = Wanted & { readonly reserved: Reserved }

const atIndex =
  (index: number) =>
  (failed: Failure): Failure =>
    amended(failed, {
      message: `request ${index}: ${failed.message}`,
      ...(failed.path === undefined ? {} : { path: failed.path.replace('$', `$[${index}]`) })
    })

const parseWithLease = (settings: Settings, request: ReserveAllRequest): Parsed<Prepared<Reserve>> => {
  const lease = leaseOfEach('$.lease', request.lease)
  return E.isLeft(lease) ? lease : parseReserve(settings, request)
}

/** Parses all requests before anything is written, and puts them in ascending order of their record ids. */
const inOrder = (settings: Settings, requests: unknown): Parsed<ReadonlyArray<Wanted>> => {
  if (!Array.isArray(requests) || requests.length === 0) {
    return mismatch('$', 'takes a list of at least one request', requests, 'reserveAll')
  }
  const wanted: Array<Wanted> = []
  const seen = new Set<string>()
  for (const [index, request] of requests.entries()) {
    const parsed = parseRequest(settings, parseWithLease, request, reserveMembers)
    if (E.isLeft(parsed)) return E.left(atIndex(index)(parsed.left))
    const { recordId } = parsed.right
    if (seen.has(recordId)) return E.left(atIndex(index)(invalidInput('the same key is named twice', '$.key')))
    seen.add(recordId)
    wanted.push({ index, prepared: parsed.right })
  }
  return E.right(wanted.sort((a, b) => (a.prepared.recordId < b.prepared.recordId ? -1 : 1)))
}

/**
 * Releases what was taken, latest first, as of the same time and caller; tells what was not released. A key that was taken
 * over is not: what its earlier holder did is open, and whoever reserved it after a release would not be told so.
 */
const giveBack = async (engine: Engine, taken: ReadonlyArray<Taken>): Promise<ReadonlyArray<string>> => {
  const unreleased: Array<string> = []
  for (const { prepared, reserved } of taken.toReversed()) {
    if (reserved.takeover) {
      unreleased.push(prepared.recordId)
      continue
    }
    const { nowMs, provenance } = prepared.submission
    const request = { claim: reserved.claim, note: 'another key of the same request was blocked', nowMs, ...provenance }
    const released = await pipe(
      TE.fromEither(parseRelease(engine.settings, request)),
      TE.flatMap(({ recordId, submission }) => engine.submit(recordId, submission))
    )()
    if (E.isLeft(released)) unreleased.push(prepared.recordId)
  }
  return unreleased
}

/** A key whose reserve is in doubt may be held, and was not given back. */
const inDoubt = ({ _tag }: Failure, recordId: string): ReadonlyArray<string> =>
  _tag === 'AppendUnknown' ? [recordId] : []

/**
 * Claims several keys, or none: in ascending order of record ids, so that two callers never wait for each other. On
 * the first answer that is not `Reserved`, or an error, it releases what it took, but for what it took over.
 */
export const reserveAll =
  (engine: Engine) =>
  (requests: ReadonlyArray<ReserveAllRequest>): TE.TaskEither<Failure, AllReserved | Blocked> =>
    engine.admit(async () => {
      const wanted = reading('$', () => inOrder(engine.settings, requests))
      if (E.isLeft(wanted)) return wanted
      const taken: Array<Taken> = []
      for (const { index, prepared } of wanted.right) {
        const { recordId, submission } = prepared
        const result = await engine.submit(recordId, submission)()
        if (E.isRight(result) && result.right._tag === 'Reserved') {
          taken.push({ index, prepared, reserved: result.right })
          continue
        }
        const unreleased = await giveBack(engine, taken)
        if (E.isLeft(result)) {
          const held = [...unreleased, ...inDoubt(result.left, recordId)]
          return E.left(amended(result.left, { recordId, unreleased: held }))
        }
        if (result.right._tag !== 'Reserved') {
          return E.right({ _tag: 'Blocked', index, recordId, answer: result.right, unreleased })
        }
      }
      const reservations = taken.sort((a, b) => a.index - b.index).map(({ reserved }) => reserved)
      return E.right({ _tag: 'AllReserved', reservations })
    })
