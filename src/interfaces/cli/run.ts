import type { Command } from 'commander'
import * as E from 'fp-ts/Either'
import type { TaskLedger } from '../../application/ledger.ts'
import type { Failure } from '../../domain/failure.ts'
import { describeFailure, remedies } from './failures.ts'
import type { Tools } from './tools.ts'

/** What every command is given, whatever else it takes. */
export type Globals = { readonly store: string; readonly json?: boolean }

export const globalsOf = (command: Command): Globals => command.optsWithGlobals<Globals>()

/** Prints a failure on stderr and sets the exit code; the process ends by itself. */
export const fail = (failure: Failure): void => {
  process.stderr.write(describeFailure(failure))
  process.exitCode = remedies[failure._tag].exit
}

/** Opens the store, runs the work on its ledger, and closes both whatever happens. */
export const onLedger = async (
  tools: Tools,
  url: string,
  work: (ledger: TaskLedger) => Promise<E.Either<Failure, void>>
): Promise<void> => {
  const store = await tools.openStore(url)()
  if (E.isLeft(store)) return fail(store.left)
  const ledger = tools.ledgerOn(store.right)
  try {
    const result = await work(ledger)
    if (E.isLeft(result)) fail(result.left)
  } finally {
    await ledger.dispose()()
    await store.right.dispose()
  }
}

/** Prints what a use case came to. */
export const printed = <A>(result: E.Either<Failure, A>, text: (answer: A) => string): E.Either<Failure, void> => {
  if (E.isLeft(result)) return result
  process.stdout.write(text(result.right))
  return E.right(undefined)
}
