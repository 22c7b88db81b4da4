import * as E from 'fp-ts/Either'
import type { StoreError } from '../../../application/ports/event-store.ts'
import type { Connection } from '../connection.ts'
import type { FileSchema } from '../file-schema.ts'
import { type Opened, type OpenOptions, open } from '../open.ts'
import { schema2 } from '../schema-2/schema-2.ts'
import { migrate } from './migrate.ts'
import type { OnMigration } from './progress.ts'

/** Opens a connection to write by, once the file is of the newest schema; one that cannot be written to stays as it is. */
export const openToWrite = async <A>(
  how: OpenOptions,
  prepare: (connection: Connection, schema: FileSchema) => A,
  onMigration: OnMigration
): Promise<E.Either<StoreError, Opened<A>>> => {
  const opened = await open(how, prepare)
  if (E.isLeft(opened) || opened.right.schema === schema2) return opened
  const { connection } = opened.right
  const error = await migrate(connection, how, onMigration)
  if (error?._tag === 'StoreReadOnly') return opened
  connection.close()
  return error === undefined ? open({ ...how, check: 'none' }, prepare) : E.left(error)
}
