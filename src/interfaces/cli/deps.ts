import type { Readable, Writable } from 'node:stream'
import type { Either } from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { ThrowPolicy } from '../../application/effects/classify.ts'
import type { ManyKeysLedger } from '../../application/effects/effects-ledger.ts'
import type { OnceAnswer } from '../../application/effects/once-answer.ts'
import type { OnceKey, OnceRules } from '../../application/effects/once-options.ts'
import type { TaskContext } from '../../application/effects/task-context.ts'
import type { TaskLedger } from '../../application/ledger.ts'
import type { TaskProjections } from '../../application/projections/projections.ts'
import type { TenantInput } from '../../application/requests/requests.ts'
import type { Failure } from '../../domain/failure.ts'
import type { Json } from '../../domain/json.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'

/** A ledger, and how to let go of it together with its store. Disposing never fails and may be repeated. */
export type OpenLedger = { readonly ledger: TaskLedger; readonly dispose: () => Promise<void> }

/** Projections of a store's log, and how to let go of them together with what they stand on. */
export type OpenProjections = { readonly projections: TaskProjections; readonly dispose: () => Promise<void> }

export type Where = {
  /** `sqlite:FILE`, `memory:`, `esdb://…` or `kurrentdb://…`. */
  readonly store: string
  /** What the address was given by, as messages about it have it. */
  readonly namedBy: string
  readonly category?: string | undefined
  /** Whether a store that is not there yet is made: reading, or ending what was begun, never makes one. */
  readonly make: boolean
  /** Told how far it is while a store of an earlier keyfold is migrated. */
  readonly onMigration?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined
}

/**
 * What is done where there is no file of views: one is made, it is `StoreUnavailable`, or it is as if there were views
 * that hold nothing, and still no file.
 */
export type LackingViews = 'make' | 'refuse' | 'none'

/** Where a store and its views are. */
export type WhereViews = Where & { readonly views: string; readonly lacking: LackingViews }

/** A stream that may be a terminal. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number }

/** Runs a task once for several keys of a ledger, as whoever calls the library does. */
export type OnceAll = <A>(
  ledger: ManyKeysLedger,
  rules: OnceRules<A> & { readonly onLeft: ThrowPolicy<unknown> }
) => (
  keys: ReadonlyArray<OnceKey>,
  task: (context: TaskContext) => TaskEither<unknown, A>
) => TaskEither<Failure, OnceAnswer<A>>
/** A text, a number of keyfold's own, or nothing. */
export type CsvCell = string | number | undefined

/** One thing that `doctor` looked at: what was found and, where that is not in order, how to mend it. */
export type Check = {
  readonly what: string
  readonly found: string
} & ({ readonly state: 'ok' } | { readonly state: 'warn' | 'fail'; readonly mend: string })

/** The outside world, as the command line sees it. */
export type Outside = {
  readonly version: string
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: Output
  readonly stderr: Output
  readonly env: { readonly [name: string]: string | undefined }
  /** The present, epoch ms. */
  readonly now: () => number
  /** How to start this very command line as another process. */
  readonly self: { readonly file: string; readonly args: ReadonlyArray<string> }
}

/** The layers that the command line must not see. Loaded once a command is named: help is not kept waiting for them. */
export type Tools = {
  readonly onceAll: OnceAll
  readonly openLedger: (where: Where) => TaskEither<Failure, OpenLedger>
  /** What can be told of a store and of what it runs on, without a change to either. */
  readonly examine: (asked: {
    readonly version: string
    readonly store: string
    /** What the address was given by. */
    readonly namedBy: string
    readonly category: string | undefined
    /** The file of the views. */
    readonly views: string
    readonly now: () => number
    readonly remedy: (failed: Failure) => string
  }) => Promise<ReadonlyArray<Check>>
  /** Why there can be no store in a file here, if so: the driver is not installed. */
  readonly sqliteFault: () => Failure | undefined
  readonly openProjections: (where: WhereViews) => TaskEither<Failure, OpenProjections>
  readonly recordId: (tenant: TenantInput, operation: string, key: string) => Either<Failure, string>
  readonly fingerprint: (parts: ReadonlyArray<string>) => Either<Failure, string>
  readonly jsonFingerprint: (payload: Json) => Either<Failure, string>
  /** JSON that has one meaning: an integer that would change, or a member named twice, is refused with its path. */
  readonly parseJson: (text: string) => Either<Failure, Json>
  /** A record in the shape of the predecessor's file. */
  readonly toFileRecord: (record: IdempotencyRecord) => { readonly [field: string]: Json }
  /** The records of the predecessor's file, from its bytes in pieces; told of each piece that is done with. */
  readonly readRecords: (
    chunks: AsyncIterable<Uint8Array>,
    options: { readonly onProgress: (bytes: number) => void }
  ) => TaskEither<Failure, ReadonlyArray<IdempotencyRecord>>
  /** The predecessor's file, piece by piece. */
  readonly writeRecords: (records: Iterable<IdempotencyRecord>) => Iterable<string>
  /** Rows as CSV, of which no spreadsheet runs a cell. */
  readonly csvText: (rows: ReadonlyArray<ReadonlyArray<CsvCell>>) => string
}

/** What the command line is handed by the composition. */
export type CliDeps = Outside & Tools
