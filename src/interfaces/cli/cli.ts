import type { Command } from 'commander'
import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import picocolors from 'picocolors'
import type { TaskLedger } from '../../application/ledger.ts'
import type { TaskProjections } from '../../application/projections/projections.ts'
import { type Failure, failure, standingClaim } from '../../domain/failure.ts'
import type { CliDeps, Where } from './deps.ts'
import { exit, exitCodeOf } from './errors/exit-codes.ts'
import { remedyFor } from './errors/remedies.ts'
import { storeAddress } from './options/store-address.ts'
import { inSnakeCase } from './shape/snake-case.ts'
import { printableMessage } from './terminal/printable.ts'
import { type Progress, progress } from './terminal/progress.ts'
import { modeFor, rendered } from './terminal/render.ts'
import type { Report } from './terminal/view.ts'
import { write, writeAll } from './terminal/write.ts'

/** The options of every command. */
export type Shared = {
  readonly store?: string
  readonly category?: string
  readonly json?: boolean
}

export type Use<A> = (ledger: TaskLedger) => TaskEither<Failure, A>

/** What a command works with, whatever it does. */
export type Cli = {
  readonly deps: CliDeps
  readonly program: Command
  readonly signal: AbortSignal
  /** Opens the ledger, uses it, lets go of it whatever happens, and prints what came of it. */
  readonly answer: (shared: Shared, make: boolean, use: Use<Report>) => Promise<void>
  /** The same for commands that write their own output. */
  readonly run: (shared: Shared, make: boolean, use: Use<void>) => Promise<void>
  /** The same over projections, whose views are in a file. */
  readonly answerOn: (
    shared: Shared,
    views: string,
    use: (projections: TaskProjections) => TaskEither<Failure, Report>
  ) => Promise<void>
  /** The same where views that are not there are not made, and what came of it is the caller's to print. */
  readonly askViews: <A>(
    shared: Shared,
    views: string,
    use: (projections: TaskProjections) => TaskEither<Failure, A>
  ) => Promise<E.Either<Failure, A>>
  readonly print: (report: Report, shared: Shared) => Promise<void>
  /** Lines on stderr beside an answer, and the exit code that goes with them, if any. */
  readonly remark: (lines: ReadonlyArray<string>, code?: number) => Promise<void>
  /** One line of cause and one of remedy on stderr, and the exit code that belongs to them. */
  readonly fail: (failure: Failure) => Promise<void>
}

export const stopped = failure('Aborted', 'stopped before it was answered')

/** What a task came to, or `Aborted` where the signal comes first. Only for work that leaves nothing behind. */
export const unlessStopped =
  (signal: AbortSignal) =>
  <A>(task: TaskEither<Failure, A>): TaskEither<Failure, A> =>
  () =>
    new Promise((resolve, reject) => {
      const giveUp = (): void => resolve(E.left(stopped))
      if (signal.aborted) return giveUp()
      signal.addEventListener('abort', giveUp, { once: true })
      task()
        .then(resolve, reject)
        .finally(() => signal.removeEventListener('abort', giveUp))
    })

/** How to complain: the cause, of which no password is shown, and what to do about it, a line each. */
export const complaint =
  (deps: CliDeps, redact: (text: string) => string) =>
  (cause: string, remedy: string): Promise<boolean> => {
    const { red } = picocolors.createColors(modeFor(deps.stderr, deps.env, false).colour)
    return write(deps.stderr, `${red('error:')} ${printableMessage(redact(cause))}\nwhat to do: ${remedy}\n`)
  }

export const createCli = (
  program: Command,
  deps: CliDeps,
  signal: AbortSignal,
  redact: (text: string) => string,
  setExitCode: (code: number) => void
): Cli => {
  const complain = complaint(deps, redact)
  const fail: Cli['fail'] = async (failed) => {
    setExitCode(exitCodeOf(failed._tag))
    // whoever closed the pipe has seen enough
    if (signal.reason === exit.readerGone) return
    const { _tag, message } = inSnakeCase(failed)
    const claim = standingClaim(failed)
    const retry = claim === undefined ? '' : `, claim id ${claim.claimId}`
    await complain(`${_tag}: ${message}${retry}`, remedyFor(failed))
  }

  const remark: Cli['remark'] = async (lines, code) => {
    if (code !== undefined) setExitCode(code)
    await write(deps.stderr, lines.map((line) => `${printableMessage(redact(line))}\n`).join(''))
  }

  const print: Cli['print'] = async (report, { json = false }) => {
    await writeAll(deps.stdout, rendered(report, modeFor(deps.stdout, deps.env, json)), signal)
  }

  /** Opens what stands at the store's address, uses it, and lets go of it whatever happens. */
  const using = async <A, O extends { readonly dispose: () => Promise<void> }>(
    shared: Shared,
    make: boolean,
    open: (where: Where) => TaskEither<Failure, O>,
    use: (opened: O) => TaskEither<Failure, A>
  ): Promise<E.Either<Failure, A>> => {
    const address = storeAddress(shared.store, deps.env)
    if (E.isLeft(address)) return address
    let bar: Progress | undefined
    const onMigration: Where['onMigration'] = ({ done, total }) => {
      bar ??= progress(deps, 'migrating the store', total)
      bar.at(done)
    }
    const opened = await open({ store: address.right, category: shared.category, make, onMigration })()
    bar?.stop()
    if (E.isLeft(opened)) return opened
    try {
      return await use(opened.right)()
    } finally {
      await opened.right.dispose()
    }
  }

  const usingLedger = <A>(shared: Shared, make: boolean, use: Use<A>): Promise<E.Either<Failure, A>> =>
    using(shared, make, deps.openLedger, ({ ledger }) => use(ledger))

  const usingViews = <A>(
    shared: Shared,
    views: string,
    makeViews: boolean,
    use: (projections: TaskProjections) => TaskEither<Failure, A>
  ): Promise<E.Either<Failure, A>> => {
    const open = (where: Where) => deps.openProjections({ ...where, views, makeViews })
    return using(shared, false, open, ({ projections }) => use(projections))
  }

  const tell = async (result: E.Either<Failure, Report>, shared: Shared): Promise<void> => {
    await (E.isLeft(result) ? fail(result.left) : print(result.right, shared))
  }

  return {
    deps,
    program,
    signal,
    print,
    remark,
    fail,
    answer: async (shared, make, use) => tell(await usingLedger(shared, make, use), shared),
    answerOn: async (shared, views, use) => tell(await usingViews(shared, views, true, use), shared),
    askViews: (shared, views, use) => usingViews(shared, views, false, use),
    run: async (shared, make, use) => {
      const result = await usingLedger(shared, make, use)
      if (E.isLeft(result)) await fail(result.left)
    }
  }
}
