import type { Command } from 'commander'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { TaskLedger } from '../../application/ledger.ts'
import type { TaskProjections } from '../../application/projections/projections.ts'
import { type Failure, failure } from '../../domain/failure.ts'
import type { CliDeps, LackingViews, Where } from './deps.ts'
import { besideAnswers, exitCodeOf } from './errors/exit-codes.ts'
import { identitySecretFault } from './options/identity-secret.ts'
import { namedBy, storeAddress } from './options/store-address.ts'
import { modeFor } from './terminal/mode.ts'
import { printableMessage } from './terminal/printable.ts'
import { type Progress, progress } from './terminal/progress.ts'
import { rendered } from './terminal/render.ts'
import type { Report } from './terminal/view.ts'
import { write, writeAll } from './terminal/write.ts'

/** The options of every command. */
export type Shared = {
  readonly store?: string
  readonly category?: string
  readonly json?: boolean
  readonly local?: boolean
  /** Whether answers have exit codes of their own, and failures others than they have. */
  readonly exitCode?: boolean
}

export type Use<A> = (ledger: TaskLedger) => TE.TaskEither<Failure, A>

/** What a command works with, whatever it does. */
export type Cli = {
  readonly deps: CliDeps
  /** The whole command line, every command with its options. */
  readonly program: () => Promise<Command>
  readonly signal: AbortSignal
  /** Opens the ledger, uses it, lets go of it whatever happens, and prints what came of it. */
  readonly answer: (shared: Shared, make: boolean, use: Use<Report>) => Promise<void>
  /** The same for commands that make the store where there is none, and have something to read before they do. */
  readonly answerGiven: <A>(
    shared: Shared,
    given: TE.TaskEither<Failure, A>,
    use: (given: A) => Use<Report>
  ) => Promise<void>
  /** The same for commands that write their own output. */
  readonly run: (shared: Shared, make: boolean, use: Use<void>) => Promise<void>
  /** The same over projections, whose views are in a file. */
  readonly answerOn: (
    shared: Shared,
    views: string,
    lacking: LackingViews,
    use: (projections: TaskProjections) => TE.TaskEither<Failure, Report>
  ) => Promise<void>
  /** The same where views that are not there are not made, and what came of it is the caller's to print. */
  readonly askViews: <A>(
    shared: Shared,
    views: string,
    use: (projections: TaskProjections) => TE.TaskEither<Failure, A>
  ) => Promise<E.Either<Failure, A>>
  readonly print: (report: Report, shared: Shared) => Promise<void>
  /** Lines on stderr beside an answer, and the exit code that goes with them, if any. */
  readonly remark: (lines: ReadonlyArray<string>, code?: number) => Promise<void>
  /** One line of cause and one of remedy on stderr, and the exit code that belongs to them. */
  readonly fail: (failure: Failure, code?: number) => Promise<void>
}

export const stopped = failure('Aborted', 'stopped before it was answered')

/** What a task came to, or `Aborted` where the signal comes first. Only for work that leaves nothing behind. */
export const unlessStopped =
  (signal: AbortSignal) =>
  <A>(task: TE.TaskEither<Failure, A>): TE.TaskEither<Failure, A> =>
  () =>
    new Promise((resolve, reject) => {
      const giveUp = (): void => resolve(E.left(stopped))
      if (signal.aborted) return giveUp()
      signal.addEventListener('abort', giveUp, { once: true })
      task()
        .then(resolve, reject)
        .finally(() => signal.removeEventListener('abort', giveUp))
    })

/** How what goes wrong is told. */
export type Told = {
  readonly redact: (text: string) => string
  readonly fail: Cli['fail']
  readonly setExitCode: (code: number) => void
}

export const createCli = (
  program: Cli['program'],
  deps: CliDeps,
  signal: AbortSignal,
  { redact, fail, setExitCode }: Told
): Cli => {
  const remark: Cli['remark'] = async (lines, code) => {
    if (code !== undefined) setExitCode(code)
    await write(deps.stderr, lines.map((line) => `${printableMessage(redact(line))}\n`).join(''))
  }

  const print: Cli['print'] = async (report, { json = false, local = false }) => {
    await writeAll(deps.stdout, rendered(report, { ...modeFor(deps.stdout, deps.env, json), local }), signal)
  }

  /** Opens what stands at the store's address, uses it, and lets go of it whatever happens. */
  const using = async <A, O extends { readonly dispose: () => Promise<void> }>(
    shared: Shared,
    make: boolean,
    open: (where: Where) => TE.TaskEither<Failure, O>,
    use: (opened: O) => TE.TaskEither<Failure, A>
  ): Promise<E.Either<Failure, A>> => {
    const address = storeAddress(shared.store, deps.env)
    if (E.isLeft(address)) return address
    let bar: Progress | undefined
    const onMigration: Where['onMigration'] = ({ done, total }) => {
      bar ??= progress(deps, 'migrating the store', total)
      bar.at(done)
    }
    const by = namedBy(shared.store, deps.env)
    const opened = await open({ store: address.right, namedBy: by, category: shared.category, make, onMigration })()
    bar?.stop()
    if (E.isLeft(opened)) return opened
    try {
      return await use(opened.right)()
    } finally {
      await opened.right.dispose()
    }
  }

  const usingLedger = async <G, A>(
    shared: Shared,
    make: boolean,
    given: TE.TaskEither<Failure, G>,
    use: (given: G) => Use<A>
  ): Promise<E.Either<Failure, A>> => {
    const fault = identitySecretFault(deps.env)
    if (fault !== undefined) return E.left(fault)
    const open = (where: Where) =>
      pipe(
        given,
        TE.flatMap((read) =>
          pipe(
            deps.openLedger(where),
            TE.map((opened) => ({ ...opened, read }))
          )
        )
      )
    return using(shared, make, open, ({ ledger, read }) => use(read)(ledger))
  }

  const withLedger = <A>(shared: Shared, make: boolean, use: Use<A>): Promise<E.Either<Failure, A>> =>
    usingLedger(shared, make, TE.right(undefined), () => use)

  const usingViews = <A>(
    shared: Shared,
    views: string,
    lacking: LackingViews,
    use: (projections: TaskProjections) => TE.TaskEither<Failure, A>
  ): Promise<E.Either<Failure, A>> => {
    const open = (where: Where) => deps.openProjections({ ...where, views, lacking })
    return using(shared, false, open, ({ projections }) => use(projections))
  }

  const tell = async (result: E.Either<Failure, Report>, shared: Shared): Promise<void> => {
    if (E.isRight(result)) return print(result.right, shared)
    const code = exitCodeOf(result.left._tag)
    await fail(result.left, shared.exitCode === true ? besideAnswers(code) : code)
  }

  return {
    deps,
    program,
    signal,
    print,
    remark,
    fail,
    answer: async (shared, make, use) => tell(await withLedger(shared, make, use), shared),
    answerGiven: async (shared, given, use) => tell(await usingLedger(shared, true, given, use), shared),
    answerOn: async (shared, views, lacking, use) => tell(await usingViews(shared, views, lacking, use), shared),
    askViews: (shared, views, use) => usingViews(shared, views, 'refuse', use),
    run: async (shared, make, use) => {
      const result = await withLedger(shared, make, use)
      if (E.isLeft(result)) await fail(result.left)
    }
  }
}
