import * as E from 'fp-ts/Either'
import type * as TE from 'fp-ts/TaskEither'
import type { TaskLedger } from '../../../application/ledger.ts'
import { type Failure, invalidInput } from '../../../domain/failure.ts'
import type { Parsed } from '../../../domain/parsing/parsed.ts'
import type { CliDeps } from '../deps.ts'
import { jsonText } from '../terminal/json-text.ts'
import { asking, type BatchDeps, maxLineBytes } from './asking.ts'
import { inTurn } from './in-turn.ts'
import { type Line, lines } from './lines.ts'
import { answersInOrder } from './window.ts'

const nextOf = async (input: AsyncIterator<Line, void>): Promise<Parsed<Line | undefined>> => {
  try {
    const { value, done } = await input.next()
    return E.right(done === true ? undefined : value)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    return E.left({ ...invalidInput(`stdin cannot be read: ${why}`), cause })
  }
}

/**
 * Answers lines until stdin ends, nobody reads the answers any more, or a signal stops it. Answers come in the order of the
 * lines, and are what they would be if each line was begun when its predecessor is answered. What was begun is finished.
 */
export const runBatch =
  (
    deps: BatchDeps & Pick<CliDeps, 'stdin' | 'stdout'>,
    ledger: TaskLedger,
    signal: AbortSignal
  ): TE.TaskEither<Failure, void> =>
  async () => {
    const ask = asking(deps, ledger)
    const take = inTurn()
    const window = answersInOrder(deps.stdout)
    const input = lines(deps.stdin, maxLineBytes)

    const takeLines = async (): Promise<Parsed<void>> => {
      for (;;) {
        const next = await nextOf(input)
        // stdin is closed under our hands in order to stop
        if (signal.aborted) return E.right(undefined)
        if (E.isLeft(next)) return next
        if (next.right === undefined) return E.right(undefined)
        const { load, reach, answer } = ask(next.right)
        if (!(await window.room(load)) || signal.aborted) return E.right(undefined)
        window.add(
          load,
          take(reach, answer).then((answered) => `${jsonText(answered)}\n`)
        )
      }
    }

    const taken = await takeLines()
    await window.end()
    return taken
  }
