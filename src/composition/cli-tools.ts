import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { csvText } from '../adapters/csv/csv-text.ts'
import { parseExactJson } from '../adapters/exact-json/parse.ts'
import { toFileRecord } from '../adapters/predecessor-file/to-file-record.ts'
import { writePredecessorFile } from '../adapters/predecessor-file/write.ts'
import { driverFault } from '../adapters/sqlite/connection.ts'
import type { Tools } from '../interfaces/cli/deps.ts'
import { caught } from './caught.ts'
import { fingerprint, jsonFingerprint, recordId } from './hashing.ts'
import { createLedger } from './ledger.ts'
import { openStore } from './open-store.ts'

/** A ledger on the store at an address, with the identity secret where there is one. */
const openLedger =
  (secret: string | undefined): Tools['openLedger'] =>
  ({ store: address, namedBy, category, make, onMigration }) =>
    pipe(
      openStore({ address, namedBy, make, onMigration }),
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
    onceAll: (ledger, rules) => (keys, task) => async () =>
      (await import('./once-for-cli.ts')).onceForCli(ledger, rules)(keys, task)(),
    sqliteFault: driverFault,
    toFileRecord,
    readRecords: (chunks, options) => async () =>
      (await import('./predecessor-file.ts')).readPredecessorFileTaskEither(chunks, options)(),
    writeRecords: writePredecessorFile,
    csvText
  }) satisfies Partial<Tools>

/** The tools of a command line without an identity secret. */
export const cliTools = cliToolsWith(undefined)

/** All that a command works with. */
export const toolsWith = (secret: string | undefined): Tools => ({
  ...cliToolsWith(secret),
  openLedger: openLedger(secret),
  examine: async (asked) => (await import('./examine/examine.ts')).examine(secret)(asked),
  openProjections: (where) => async () => (await import('./open-projections.ts')).openProjections(where)()
})
