import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import process from 'node:process'
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
import type { CliDeps } from '../interfaces/cli/deps.ts'
import { reportDefect, runCli } from '../interfaces/cli/main.ts'
import { identitySecretIn } from '../interfaces/cli/options/identity-secret.ts'
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
  (secret: string | undefined): CliDeps['openLedger'] =>
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

/** Whoever only reads makes no file, and is told so before a store is opened. */
const viewsAt = (file: string, make: boolean): TE.TaskEither<Failure, void> =>
  make || existsSync(file)
    ? TE.right(undefined)
    : TE.left(failure('StoreUnavailable', `there is no file of views at ${file}`))

/** Projections of the log at an address, with their views in a file beside it. Only a file that is to be written to is made. */
const openProjections: CliDeps['openProjections'] = ({
  store: address,
  category,
  views: file,
  makeViews,
  onMigration
}) =>
  pipe(
    viewsAt(file, makeViews),
    TE.flatMap(() => openStore(address, false, onMigration)),
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

const version = (): string => {
  const { version: own }: { readonly version: string } = createRequire(import.meta.url)('../../package.json')
  return own
}

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
  }) satisfies Partial<CliDeps>

/** The tools of a command line without an identity secret. */
export const cliTools = cliToolsWith(undefined)

/** Runs `keyfold` in this process; gives its exit code. */
export const main = (argv: ReadonlyArray<string>): Promise<number> => {
  const secret = identitySecretIn(process.env)
  const deps: CliDeps = {
    ...cliToolsWith(secret),
    version: version(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    now: Date.now,
    openLedger: openLedger(secret),
    openProjections,
    self: { file: process.execPath, args: process.argv.slice(1, 2) }
  }
  // what nobody caught is told as any defect is: a stack trace could quote an address with its password
  process.once('uncaughtException', (cause) => void reportDefect(argv, deps, cause).then(process.exit))
  return runCli(argv, deps)
}
