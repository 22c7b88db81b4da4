import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'
import { parseExactJson } from '../adapters/exact-json/parse.ts'
import { memoryStore } from '../adapters/memory/event-store.ts'
import { sha256 } from '../adapters/node/sha256.ts'
import { toFileRecord } from '../adapters/predecessor-file/file-record.ts'
import { readPredecessorFile } from '../adapters/predecessor-file/read.ts'
import { writePredecessorFile } from '../adapters/predecessor-file/write.ts'
import { sqliteStore } from '../adapters/sqlite/event-store.ts'
import { type Failure, invalidInput } from '../domain/failure.ts'
import type { Tools } from '../interfaces/cli/tools.ts'
import { fingerprint, recordId } from './hashing.ts'
import { createLedger } from './ledger.ts'
import { KeyfoldError } from './promises.ts'

const caught = <A>(work: () => A): E.Either<Failure, A> => {
  try {
    return E.right(work())
  } catch (cause) {
    if (cause instanceof KeyfoldError) return E.left(cause.failure)
    throw cause
  }
}

/** What the command line works with. */
export const cliTools: Tools = {
  openStore: (url) => {
    if (url === 'memory:') return TE.right(memoryStore())
    const file = /^sqlite:(.+)$/.exec(url)?.[1]
    return file === undefined ? TE.left(invalidInput('--store must be sqlite:FILE or memory:')) : sqliteStore({ file })
  },
  ledgerOn: (store) => createLedger({ store }).taskEither,
  parseJson: (text) => E.map(({ value }: { value: ReturnType<typeof JSON.parse> }) => value)(parseExactJson(text)),
  toFileRecord,
  readRecords: readPredecessorFile(sha256),
  writeRecords: writePredecessorFile,
  recordId: (tenant, operation, key) => caught(() => recordId(tenant, operation, key)),
  fingerprint: (parts) => caught(() => fingerprint(parts))
}
