import type { TaskLedger } from '../../src/application/ledger.ts'
import { asking, type BatchDeps } from '../../src/interfaces/cli/batch/asking.ts'
import type { Line } from '../../src/interfaces/cli/batch/lines.ts'
import type { Answered } from '../../src/interfaces/cli/batch/operation.ts'

/** Answers one line of the batch protocol, whatever else is asked. */
export const answerLine = (deps: BatchDeps, ledger: TaskLedger): ((line: Line) => Promise<Answered>) => {
  const ask = asking(deps, ledger)
  return (line) => ask(line).answer()
}
