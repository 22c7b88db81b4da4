import { existsSync } from 'node:fs'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { memoryViews } from '../adapters/memory/view-store.ts'
import { openSqliteViewsTaskEither } from '../adapters/sqlite/views/view-store.ts'
import { amended, type Failure, failure } from '../domain/failure.ts'
import type { LackingViews, Tools } from '../interfaces/cli/deps.ts'
import { caught } from './caught.ts'
import { openStore } from './open-store.ts'
import { createProjections } from './projections.ts'

/** Whoever only reads makes no file, and is told so before a store is opened. */
const viewsAt = (file: string, lacking: LackingViews): TE.TaskEither<Failure, void> =>
  lacking !== 'refuse' || existsSync(file)
    ? TE.right(undefined)
    : TE.left(failure('StoreUnavailable', `there is no file of views at ${file}`))

/** What is wrong with the file of the views is not wrong with the store. */
const openViews = (file: string, lacking: LackingViews) =>
  lacking === 'none' && !existsSync(file)
    ? TE.fromIO(memoryViews)
    : pipe(
        openSqliteViewsTaskEither({ file }),
        TE.mapLeft((failed) => amended(failed, { message: `$.views: ${failed.message}`, path: '$.views' }))
      )

/** Projections of the log at an address, with their views in a file beside it. Only a file that is to be written to is made. */
export const openProjections: Tools['openProjections'] = ({
  store: address,
  namedBy,
  category,
  views: file,
  lacking,
  onMigration
}) =>
  pipe(
    viewsAt(file, lacking),
    TE.flatMap(() => openStore({ address, namedBy, make: false, onMigration })),
    TE.flatMap((store) =>
      pipe(
        openViews(file, lacking),
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
