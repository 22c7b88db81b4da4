import type { Command } from 'commander'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { shipped } from '../../../application/projections/shipped/shipped.ts'
import { invalidInput } from '../../../domain/failure.ts'
import type { Cli, Shared } from '../cli.ts'
import { shared } from '../options/shared.ts'
import { type ViewsOption, viewsOption } from '../options/views.ts'
import { viewsFile } from '../options/views-file.ts'
import { knownProjection } from '../projections/known.ts'
import { type RebuildOptions, rebuildOptions, rebuildView } from '../projections/rebuild-view.ts'
import { rebuiltReport } from '../projections/reports.ts'

type Options = Shared & ViewsOption & RebuildOptions & { readonly all?: boolean }

/** Which names are meant: those that are given, each once, or all. */
const wanted = (names: ReadonlyArray<string>, all: boolean) => {
  if (all === names.length > 0) {
    return E.left(invalidInput(all ? '--all goes with no names' : 'name what to rebuild, or say --all'))
  }
  return E.traverseArray(knownProjection)(all ? [...shipped.keys()] : [...new Set(names)])
}

/** `projections rebuild` for several at once: one after another, and the first that fails ends it. */
export const rebuildCommand = (cli: Cli, command: Command): void => {
  command.argument('[names...]', `which views: ${[...shipped.keys()].join(', ')}`)
  rebuildOptions(viewsOption(shared(command)))
    .option('--all', 'all views that there are')
    .action(async (names: ReadonlyArray<string>) => {
      const options = command.optsWithGlobals<Options>()
      const views = viewsFile(options.views, cli.deps.env)
      if (E.isLeft(views)) return cli.fail(views.left)
      const named = wanted(names, options.all ?? false)
      if (E.isLeft(named)) return cli.fail(named.left)
      await cli.answerOn(options, views.right, 'make', (projections) =>
        pipe(
          named.right,
          TE.traverseSeqArray((projection) =>
            pipe(
              rebuildView(cli, projections, projection, options),
              TE.map((rebuilt) => rebuiltReport(projection.name, rebuilt))
            )
          ),
          TE.map((reports) => ({
            json: { rebuilt: reports.map(({ json }) => json) },
            views: reports.flatMap(({ views: shown }) => shown)
          }))
        )
      )
    })
}
