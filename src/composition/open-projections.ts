import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { openSqliteViewsTaskEither } from '../adapters/sqlite/views/view-store.ts'
import type { Tools } from '../interfaces/cli/deps.ts'
import { caught } from './caught.ts'
import { openStore } from './open-store.ts'
import { createProjections } from './projections.ts'

/** Projections of the log at an address, with their views in a file beside it. Only a file that is to be written to is made. */
export const openProjections: Tools['openProjections'] = ({ store: address, category, views: file, onMigration }) =>
  pipe(
    openStore(address, false, onMigration),
    TE.flatMap((store) =>
      pipe(
        openSqliteViewsTaskEither({ file }),
        TE.flatMap((views) =>
          pipe(
            TE.fromEither(
              caught(() => createProjections({ store, views, ...(category === undefined ? {} : { category }) }))
            ),
            TE.map(({ taskEither: projections, dispose }) => ({
              projections,
              dispose: async () => {
                await dispose()
                await views.dispose()
                await store.dispose()
              }
            })),
            TE.orElseFirstTaskK(() => () => views.dispose())
          )
        ),
        TE.orElseFirstTaskK(() => () => store.dispose())
      )
    )
  )
