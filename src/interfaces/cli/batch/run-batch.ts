import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { TaskLedger } from '../../../application/ledger.ts'
import { type Failure, failure, invalidInput } from '../../../domain/failure.ts'
import type { JsonObject } from '../../../domain/json.ts'
import { type Parsed, refused } from '../../../domain/parsing/parsed.ts'
import type { CliDeps } from '../deps.ts'
import { decodeText } from '../input/decode.ts'
import { type Fields, fieldsOf } from '../shape/fields.ts'
import { failureJson } from '../shape/json.ts'
import { jsonText } from '../terminal/json-text.ts'
import { write } from '../terminal/write.ts'
import { type Line, lines } from './lines.ts'
import type { Operation } from './operation.ts'
import { operations } from './operations.ts'

export const maxLineBytes = 64 * 1024 * 1024

type BatchDeps = Pick<CliDeps, 'parseJson' | 'toFileRecord' | 'recordId' | 'fingerprint'>

const tooLong = failure('LimitExceeded', `a line has more than the limit of ${maxLineBytes} bytes`, {
  path: '$',
  limit: maxLineBytes
})

const nextOf = async (input: AsyncIterator<Line, void>): Promise<Parsed<Line | undefined>> => {
  try {
    const { value, done } = await input.next()
    return E.right(done === true ? undefined : value)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    return E.left({ ...invalidInput(`stdin cannot be read: ${why}`), cause })
  }
}

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
        ? refused(`$.op must be one of ${[...known.keys()].join(', ')}`, '$.op')
        : E.right(operation)
    })
  )

/** Answers one line of the batch protocol. Never fails: what went wrong is an error answer. */
export const answerLine = (deps: BatchDeps, ledger: TaskLedger): ((line: Line) => Promise<JsonObject>) => {
  const known = operations(deps, ledger)
  return (line) =>
    pipe(
      TE.fromEither(pipe(decoded(line), E.flatMap(deps.parseJson), E.flatMap(fieldsOf))),
      TE.flatMap((fields) =>
        pipe(
          TE.fromEither(operationOf(known, fields)),
          TE.flatMap((operation) => operation(fields))
        )
      ),
      TE.match(failureJson, (answer) => answer)
    )()
}

/**
 * Answers lines until stdin ends, nobody reads the answers any more, or a signal stops it. One line after another: the
 * next one is begun when its predecessor is answered, so that its effects are durable in that order.
 */
export const runBatch =
  (
    deps: BatchDeps & Pick<CliDeps, 'stdin' | 'stdout'>,
    ledger: TaskLedger,
    signal: AbortSignal
  ): TE.TaskEither<Failure, void> =>
  async () => {
    const answer = answerLine(deps, ledger)
    const input = lines(deps.stdin, maxLineBytes)
    for (;;) {
      const next = await nextOf(input)
      // stdin is closed under our hands in order to stop
      if (signal.aborted) return E.right(undefined)
      if (E.isLeft(next)) return next
      if (next.right === undefined) return E.right(undefined)
      const answered = await answer(next.right)
      if (!(await write(deps.stdout, `${jsonText(answered)}\n`))) return E.right(undefined)
    }
  }
