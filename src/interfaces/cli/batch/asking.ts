import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { TaskLedger } from '../../../application/ledger.ts'
import { failure, invalidInput } from '../../../domain/failure.ts'
import { gotWord } from '../../../domain/parsing/got.ts'
import { type Parsed, refused } from '../../../domain/parsing/parsed.ts'
import type { CliDeps } from '../deps.ts'
import { decodeText } from '../input/decode.ts'
import { type Fields, fieldsOf } from '../shape/fields.ts'
import { failureJson } from '../shape/json.ts'
import { ofCallersJson } from '../shape/snake-case.ts'
import type { Line } from './lines.ts'
import { type Answered, nothing, type Operation, type Reach, usualAnswer } from './operation.ts'
import { operations } from './operations.ts'
import type { Load } from './window.ts'

export const maxLineBytes = 64 * 1024 * 1024

export type BatchDeps = Pick<CliDeps, 'parseJson' | 'toFileRecord' | 'recordId' | 'fingerprint'>

/** A line that was read: what it reaches, and what comes of it once it is its turn. */
export type Asked = {
  readonly load: Load
  readonly reach: Reach
  /** Never fails: what went wrong is an error answer. */
  readonly answer: () => Promise<Answered>
}

const tooLong = failure('LimitExceeded', `a line has more than the limit of ${maxLineBytes} bytes`, {
  path: '$',
  limit: maxLineBytes
})

const decoded = (line: Line): Parsed<string> => {
  if (line === 'too long') return E.left(tooLong)
  return pipe(
    decodeText(line, 'the line', '$'),
    E.filterOrElse(
      (text) => !/^[ \t\r]*$/.test(text),
      () => invalidInput('the line is empty', '$')
    )
  )
}

const operationOf = (known: ReadonlyMap<string, Operation>, line: Fields): Parsed<Operation> =>
  pipe(
    line.text('op'),
    E.flatMap((op) => {
      const operation = known.get(op)
      return operation === undefined
        ? refused(`$.op must be one of ${[...known.keys()].join(', ')}, got ${gotWord(op)}`, '$.op')
        : E.right(operation)
    })
  )

/** Reads one line of the batch protocol. */
export const asking = (deps: BatchDeps, ledger: TaskLedger): ((line: Line) => Asked) => {
  const known = operations(deps, ledger)
  return (line) => {
    const asked = pipe(
      decoded(line),
      E.flatMap(deps.parseJson),
      E.flatMap(fieldsOf),
      E.bindTo('fields'),
      E.bind('operation', ({ fields }) => operationOf(known, fields)),
      E.mapLeft(ofCallersJson)
    )
    const answers = E.isLeft(asked) ? usualAnswer : asked.right.operation.answers
    return {
      // an outcome that is written comes back
      load: { line: line.length, answer: Math.max(answers, line.length) },
      reach: E.isLeft(asked) ? nothing : asked.right.operation.reach(asked.right.fields),
      answer: pipe(
        TE.fromEither(asked),
        TE.flatMap(({ fields, operation }) => operation.answer(fields)),
        TE.match(failureJson, (answered): Answered => answered)
      )
    }
  }
}
