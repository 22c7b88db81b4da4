import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Failure } from '../../../domain/failure.ts'
import type { JsonObject } from '../../../domain/json.ts'
import type { Parsed } from '../../../domain/parsing/parsed.ts'
import type { Fields } from '../shape/fields.ts'
import { readClaim } from '../shape/requests.ts'

type Answering = TE.TaskEither<Failure, JsonObject>

/** Answers one line whose `op` it is. */
export type Operation = (line: Fields) => Answering

/** An operation that knows these fields, and no others. */
export const taking =
  (names: ReadonlyArray<string>, operation: Operation): Operation =>
  (line) =>
    pipe(TE.fromEither(line.only(['op', ...names])), TE.flatMap(operation))

/** Runs what a line says, once it says it rightly. */
export const run = <A>(parsed: Parsed<A>, work: (request: A) => Answering): Answering =>
  pipe(TE.fromEither(parsed), TE.flatMap(work))

export const claim = (line: Fields) => pipe(line.object('claim'), E.flatMap(readClaim))
export const nowMs = (line: Fields) => line.optionalNumber('now_ms')
