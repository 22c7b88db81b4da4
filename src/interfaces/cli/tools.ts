import type { Either } from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { TaskLedger } from '../../application/ledger.ts'
import type { EventStore } from '../../application/ports/event-store.ts'
import type { Failure } from '../../domain/failure.ts'
import type { Json } from '../../domain/json.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import type { TenantInput } from '../../domain/requests.ts'

/** What the command line works with; composition hands it over, so that nothing here knows a store or a file format. */
export type Tools = {
  readonly openStore: (url: string) => TaskEither<Failure, EventStore>
  readonly ledgerOn: (store: EventStore) => TaskLedger
  readonly parseJson: (text: string) => Either<Failure, Json>
  readonly toFileRecord: (record: IdempotencyRecord) => { readonly [name: string]: Json }
  readonly readRecords: (bytes: Uint8Array) => Either<Failure, ReadonlyArray<IdempotencyRecord>>
  readonly writeRecords: (records: Iterable<IdempotencyRecord>) => Iterable<string>
  readonly recordId: (tenant: TenantInput, operation: string, key: string) => Either<Failure, string>
  readonly fingerprint: (parts: ReadonlyArray<string>) => Either<Failure, string>
}
