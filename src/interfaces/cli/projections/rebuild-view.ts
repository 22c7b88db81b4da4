import type { Command } from 'commander'
import type * as TE from 'fp-ts/TaskEither'
import type { Projection } from '../../../application/projections/projection.ts'
import type { TaskProjections } from '../../../application/projections/projections.ts'
import type { Rebuilt } from '../../../application/projections/rebuild.ts'
import type { Failure } from '../../../domain/failure.ts'
import type { Cli } from '../cli.ts'
import { count } from '../options/values.ts'
import { progress } from '../terminal/progress.ts'

export type RebuildOptions = { readonly partitions?: number; readonly park?: boolean }

/** How views are rebuilt. */
export const rebuildOptions = (command: Command): Command =>
  command
    .option('--partitions <number>', 'into how many parts the keys are divided (default: as before, else 1)', count)
    .option('--park', 'park keys with an event that cannot be taken in, in place of failing')

/** Rebuilds one view, with a bar on a terminal. */
export const rebuildView =
  (
    cli: Cli,
    projections: TaskProjections,
    projection: Projection<unknown>,
    { partitions, park = false }: RebuildOptions
  ): TE.TaskEither<Failure, Rebuilt> =>
  () => {
    const bar = progress(cli.deps, `rebuilding ${projection.name}`, 0)
    return projections
      .rebuild(projection, {
        partitions,
        poison: park ? 'park' : 'fail',
        signal: cli.signal,
        onProgress: ({ done, total }) => bar.at(done, Math.max(done, total ?? 0))
      })()
      .finally(bar.stop)
  }
