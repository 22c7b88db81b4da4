import { Argument, type Command } from 'commander'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Projection } from '../../../application/projections/projection.ts'
import type { TaskProjections } from '../../../application/projections/projections.ts'
import { shipped } from '../../../application/projections/shipped/shipped.ts'
import { type Failure, invalidInput } from '../../../domain/failure.ts'
import { type Cli, type Shared, unlessStopped } from '../cli.ts'
import { exitCodeOf } from '../errors/exit-codes.ts'
import { shared } from '../options/shared.ts'
import { count } from '../options/values.ts'
import { type ViewsOption, viewsOption } from '../options/views.ts'
import { viewsFile } from '../options/views-file.ts'
import { knownProjection } from '../projections/known.ts'
import { type RebuildOptions, rebuildView } from '../projections/rebuild-view.ts'
import { intervenedReport, parkedReport, rebuiltReport, statusReport, verifiedReport } from '../projections/reports.ts'
import { headline, type Report } from '../terminal/view.ts'

type Options = Shared &
  ViewsOption &
  RebuildOptions & {
    readonly by?: string
    readonly note?: string
  }

type Asked = { readonly cli: Cli; readonly options: Options; readonly name?: string; readonly recordId?: string }
type Action = (projections: TaskProjections, asked: Asked) => TE.TaskEither<Failure, Report>

const status: Action = (projections, { name }) =>
  pipe(
    name === undefined
      ? E.right([...shipped.keys()])
      : pipe(
          knownProjection(name),
          E.map((projection) => [projection.name])
        ),
    TE.fromEither,
    TE.flatMap(
      TE.traverseArray((one) =>
        pipe(
          projections.health(one),
          TE.map((health) => [one, health] as const)
        )
      )
    ),
    TE.map(statusReport)
  )

/** An action on one projection. */
const on =
  (
    work: (
      projections: TaskProjections,
      projection: Projection<unknown>,
      asked: Asked
    ) => TE.TaskEither<Failure, Report>
  ): Action =>
  (projections, asked) =>
    pipe(
      TE.fromEither(knownProjection(asked.name)),
      TE.flatMap((projection) => work(projections, projection, asked))
    )

const rebuild = on((projections, projection, { cli, options }) =>
  pipe(
    rebuildView(cli, projections, projection, options),
    TE.map((rebuilt) => rebuiltReport(projection.name, rebuilt))
  )
)

const verify = on((projections, projection, { cli }) =>
  pipe(
    projections.verify(projection, { signal: cli.signal }),
    TE.tapTask(({ difference }) => async () => {
      if (difference !== undefined) await cli.remark([], exitCodeOf('CorruptStream'))
    }),
    TE.map((verified) => verifiedReport(projection.name, verified))
  )
)

const parked = on((projections, { name }) =>
  pipe(
    projections.parked(name),
    TE.map((keys) => parkedReport(name, keys))
  )
)

const intervene = (action: 'retry' | 'skip') =>
  on((projections, projection, { recordId, options: { by, note } }) =>
    recordId === undefined || by === undefined || note === undefined
      ? TE.left(invalidInput(`${action} needs a record id, --by and --note: it is kept who did it, and why`))
      : pipe(
          projections[action](projection, { recordId, actor: by, reason: note }),
          TE.map((done) => intervenedReport(projection.name, recordId, done))
        )
  )

/** Until it is stopped. */
const run = on((projections, projection, { cli, options: { partitions } }) => () => {
  const runner = projections.run(projection, { partitions, signal: cli.signal })
  return pipe(
    runner.ended,
    TE.map(
      (): Report => ({ json: { projection: projection.name, stopped: true }, views: [headline('stopped', 'quiet')] })
    )
  )()
})

const actions: { readonly [action: string]: Action } = {
  status,
  run,
  rebuild,
  verify,
  parked,
  retry: intervene('retry'),
  skip: intervene('skip')
}

/** What only reads: it makes no file of views. */
const reading: ReadonlySet<string> = new Set(['status', 'verify', 'parked'])

/** What ends by itself in order, once it is told to stop. */
const orderly: ReadonlySet<string> = new Set(['run', 'rebuild', 'verify'])

export const projectionsCommand = (cli: Cli, command: Command): void => {
  command
    .addArgument(new Argument('<action>', 'what to do').choices(Object.keys(actions)))
    .argument('[name]', `which projection: ${[...shipped.keys()].join(', ')}`)
    .argument('[record-id]', 'with retry and skip: which key')
  viewsOption(shared(command))
    .option('--partitions <number>', 'with run and rebuild: into how many parts the keys are divided', count)
    .option('--park', 'with rebuild: park keys with an event that cannot be taken in, in place of failing')
    .option('--by <who>', 'with retry and skip: who decides this')
    .option('--note <why>', 'with retry and skip: why; kept with what was left out')
    .action(async (action: string, name: string | undefined, recordId: string | undefined) => {
      const options = command.optsWithGlobals<Options>()
      const views = viewsFile(options.views, cli.deps.env)
      if (E.isLeft(views)) return cli.fail(views.left)
      const work = actions[action] ?? status
      const asked: Asked = {
        cli,
        options,
        ...(name !== undefined && { name }),
        ...(recordId !== undefined && { recordId })
      }
      const isOrderly = orderly.has(action)
      await cli.answerOn(options, views.right, reading.has(action) ? 'none' : 'make', (projections) => {
        const done = work(projections, asked)
        return isOrderly ? done : unlessStopped(cli.signal)(done)
      })
    })
}
