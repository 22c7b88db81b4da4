import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Answers } from '../../domain/answers.ts'
import type { Command } from '../../domain/commands.ts'
import type { Failure } from '../../domain/failure.ts'
import type { Parsed, Parser } from '../../domain/parsing/parsed.ts'
import type { Engine } from '../engine/engine.ts'
import type { Settings } from '../settings.ts'
import { parseRequest } from './parse-request.ts'
import type { Prepared } from './prepared.ts'

/** A use case: parses a request as it is when the task is run, and submits what it says. */
export const submitParsed =
  <R, C extends Command>(
    engine: Engine,
    parse: (settings: Settings, request: R) => Parsed<Prepared<C>>,
    known: Parser<unknown>
  ) =>
  (request: R): TaskEither<Failure, Answers[C['_tag']]> =>
    engine.admit(() => {
      const parsed = parseRequest(engine.settings, parse, request, known)
      if (E.isLeft(parsed)) return Promise.resolve(parsed)
      const { recordId, submission } = parsed.right
      return engine.submit(recordId, submission)()
    })
