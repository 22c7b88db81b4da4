import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { csvText } from '../adapters/csv/csv-text.ts'
import { parseExactJson } from '../adapters/exact-json/parse.ts'
import { sha256 } from '../adapters/node/sha256.ts'
import { readPredecessorFile } from '../adapters/predecessor-file/read.ts'
import { toFileRecord } from '../adapters/predecessor-file/to-file-record.ts'
import { writePredecessorFile } from '../adapters/predecessor-file/write.ts'
import { driverFault } from '../adapters/sqlite/connection.ts'
import { openSqliteViewsTaskEither } from '../adapters/sqlite/views/view-store.ts'
import { type Failure, failure } from '../domain/failure.ts'
import type { Tools } from '../interfaces/cli/deps.ts'
import { fingerprint, jsonFingerprint, recordId } from './hashing.ts'
import { createLedger } from './ledger.ts'
import { onceAllTaskEither } from './once-all.ts'
import { openStore } from './open-store.ts'
import { createProjections } from './projections.ts'
import { KeyfoldError } from './promises.ts'

/** What a function that throws `KeyfoldError` came to; a defect is thrown on. */
const caught = <A>(work: () => A): E.Either<Failure, A> => {
  try {
    return E.right(work())
  } catch (cause) {
    if (cause instanceof KeyfoldError) return E.left(cause.failure)
    throw cause
  }
}

/** A ledger on the store at an address, with the identity secret where there is one. */
const openLedger =
  (secret: string | undefined): Tools['openLedger'] =>
  ({ store: address, category, make, onMigration }) =>
    pipe(
      openStore(address, make, onMigration),
      TE.flatMap((store) =>
        pipe(
          TE.fromEither(
            caught(() =>
              createLedger({ store, ...(category === undefined ? {} : { category }), ...identityFor(secret) })
            )
          ),
          TE.map(({ taskEither: ledger }) => ({
            ledger,
            dispose: async () => {
              await ledger.dispose()()
              await store.dispose()
            }
          })),
          TE.orElseFirstTaskK(() => () => store.dispose())
        )
      )
    )

/** Projections of the log at an address, with their views in a file beside it. Only a file that is to be written to is made. */
const openProjections: Tools['openProjections'] = ({ store: address, category, views: file, onMigration }) =>
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

const identityFor = (secret: string | undefined) => (secret === undefined ? {} : { identity: { secret } })

/** What the command line needs of the layers that it must not see, but for the stores. */
export const cliToolsWith = (secret: string | undefined) =>
  ({
    recordId: (tenant, operation, key) =>
      caught(() => recordId(tenant, operation, key, secret === undefined ? undefined : { secret })),
    fingerprint: (parts) => caught(() => fingerprint(parts)),
    jsonFingerprint: (payload) => caught(() => jsonFingerprint(payload)),
    parseJson: (text) =>
      pipe(
        parseExactJson(text, { uniqueNames: true }),
        E.map(({ value }) => value)
      ),
    onceAll: (ledger, rules) => (keys, task) =>
      pipe(
        onceAllTaskEither(ledger, { ...rules, keys, result: undefined })(task),
        TE.mapLeft((failed) =>
          failed._tag === 'ResultUnreadable' ? failure('InvalidInput', failed.message, { cause: failed }) : failed
        )
      ),
    sqliteFault: driverFault,
    toFileRecord,
    readRecords: readPredecessorFile(sha256),
    writeRecords: writePredecessorFile,
    csvText
  }) satisfies Partial<Tools>

/** The tools of a command line without an identity secret. */
export const cliTools = cliToolsWith(undefined)

/** All that a command works with. */
export const toolsWith = (secret: string | undefined): Tools => ({
  ...cliToolsWith(secret),
  openLedger: openLedger(secret),
  openProjections
})
