import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Failure } from '../../../domain/failure.ts'
import type { Parsed } from '../../../domain/parsing/parsed.ts'
import { trimWhiteSpace } from '../../../domain/text.ts'
import type { CliDeps } from '../deps.ts'
import type { Fields } from '../shape/fields.ts'
import { readClaim, readKey } from '../shape/requests.ts'

/** What is answered to a line, as JSON. */
export type Answered = { readonly [field: string]: unknown }

type Answering = TE.TaskEither<Failure, Answered>

/** What a line reads or writes of what is stored: a key's record and its events, or those of all keys, or nothing. */
export type Reach =
  | { readonly _tag: 'Key'; readonly recordId: string }
  | { readonly _tag: 'All' }
  | { readonly _tag: 'Nothing' }

export const nothing: Reach = { _tag: 'Nothing' }
export const all: Reach = { _tag: 'All' }

/** Answers the lines whose `op` it is, and tells how far they reach and what an answer is taken to come to, UTF-16 units. */
export type Operation = {
  readonly answer: (line: Fields) => Answering
  readonly reach: (line: Fields) => Reach
  readonly answers: number
}

/**
 * Above what most answers come to that repeat no large outcome, and so little that 256 of them fit: what is written at once
 * is written together.
 */
export const usualAnswer = 32 * 1024

/** An operation that knows these fields, and no others. */
export const taking = (
  names: ReadonlyArray<string>,
  reach: Operation['reach'],
  answer: Operation['answer'],
  answers = usualAnswer
): Operation => ({
  reach,
  answers,
  answer: (line) => pipe(TE.fromEither(line.only(['op', ...names])), TE.flatMap(answer))
})

/** Runs what a line says, once it says it rightly. */
export const run = <A>(parsed: Parsed<A>, work: (request: A) => Answering): Answering =>
  pipe(TE.fromEither(parsed), TE.flatMap(work))

export const claim = (line: Fields) => pipe(line.object('claim'), E.flatMap(readClaim))
export const nowMs = (line: Fields) => line.optionalNumber('now_ms')

/** Whose key cannot be told may be anybody's, as far as the order of lines goes. */
const keyOrAll = (recordId: Parsed<string>): Reach =>
  E.isLeft(recordId) ? all : { _tag: 'Key', recordId: recordId.right }

/** The record of a claim. */
export const reachOfClaim: Operation['reach'] = (line) =>
  keyOrAll(
    pipe(
      line.object('claim'),
      E.flatMap((its) => its.text('record_id'))
    )
  )

/** The record of a key, by the record id that the ledger gives it. */
export const reachOfKey =
  ({ recordId }: Pick<CliDeps, 'recordId'>): Operation['reach'] =>
  (line) =>
    keyOrAll(
      pipe(
        readKey(line),
        E.flatMap(({ tenant, operation, key }) => recordId(tenant, trimWhiteSpace(operation), trimWhiteSpace(key)))
      )
    )
