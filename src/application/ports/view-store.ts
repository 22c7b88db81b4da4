import type { TaskEither } from 'fp-ts/TaskEither'
import type { Failure } from '../../domain/failure.ts'
import type { AsyncDisposing } from './async-disposable.ts'
import type { Position } from './event-store.ts'

/** What a column of a view may hold, beside NULL. */
export type ColumnType = 'text' | 'integer' | 'real'
export type ColumnValue = string | number | null

/** What a view looks like to whoever reads it by SQL: beside `row` and `state` these columns, and indexes over some. */
export type ViewShape = {
  readonly columns: { readonly [name: string]: ColumnType }
  readonly indexes: ReadonlyArray<ReadonlyArray<string>>
}

/** The last event that a partition took in: a log that does not hold it is not the log of the view. */
export type Anchor = { readonly stream: string; readonly revision: string; readonly id: string }

/** How far a partition of a view has come. It is stored with the rows that came of it, or not at all. */
export type Checkpoint = {
  readonly position: Position | 'start'
  readonly anchor?: Anchor | undefined
  /** How many events it took in, from the start. */
  readonly events: number
  /** When the store recorded the last of them, epoch ms. */
  readonly recordedAtMs?: number | undefined
  /** When they were applied, epoch ms. */
  readonly appliedAtMs: number
  /** Events a second, lately. */
  readonly rate: number
}

/** One build of a view. There is at most one that is live and one that is being built, for each name. */
export type Generation = {
  readonly id: number
  readonly name: string
  readonly version: number
  readonly category: string
  readonly partitions: number
  readonly standing: 'live' | 'building'
}

/** One partition of one build. */
export type Cursor = { readonly generation: number; readonly partition: number }

/** A row as it is stored: its state is JSON text; without one the row goes. */
export type RowChange = {
  readonly row: string
  readonly state: string | undefined
  readonly columns: { readonly [name: string]: ColumnValue }
}

export type StoredRow = { readonly row: string; readonly partition: number; readonly state: string }

/** A key that waits, since one of its events could not be taken in. What came after it waits in the log. */
export type ParkedKey = {
  /** The record id; of an event whose stream nobody can name, its place in the log. */
  readonly recordId: string
  readonly partition: number
  readonly position: Position
  /** Where the stream is known: where it stands, and the last one that waits behind it. */
  readonly stream?: string | undefined
  readonly revision?: string | undefined
  readonly lastRevision?: string | undefined
  /** How many events wait, itself included. */
  readonly waiting: number
  readonly tag: string
  readonly reason: string
  readonly parkedAtMs: number
}

/** An event that an operator had left out, in every build of the view. */
export type SkippedEvent = {
  readonly recordId: string
  readonly revision?: string | undefined
  readonly position: Position
  readonly actor: string
  readonly reason: string
  readonly skippedAtMs: number
}

/** What a batch needs to know of a partition, as of one moment. `seq` counts its commits. */
export type Loaded = {
  readonly seq: number
  readonly epoch: number
  readonly checkpoint: Checkpoint
  readonly rows: ReadonlyMap<string, string>
  readonly parked: ReadonlyArray<ParkedKey>
  readonly skipped: ReadonlyArray<SkippedEvent>
}

/** Rows, what waits and the checkpoint: one transaction. */
export type ViewCommit = Cursor & {
  /** The fence: whoever holds a lower epoch than the partition has seen writes nothing. */
  readonly epoch: number
  /** What was loaded: where somebody else committed since, nothing is written. */
  readonly seq: number
  readonly checkpoint: Checkpoint
  readonly rows: ReadonlyArray<RowChange>
  /** Keys that wait, anew or with more behind them. */
  readonly parked: ReadonlyArray<ParkedKey>
  readonly unparked?: ReadonlyArray<string> | undefined
  readonly skipped?: SkippedEvent | undefined
}

/** `Moved`: somebody else committed since it was loaded. `Fenced`: a later runner has the partition. `Gone`: the build is. */
export type Committed = 'Committed' | 'Moved' | 'Fenced' | 'Gone'

/** A build at one moment, whatever is committed meanwhile. */
export type ViewSnapshot = {
  readonly checkpoints: ReadonlyArray<Checkpoint>
  readonly parked: ReadonlyArray<ParkedKey>
  readonly skipped: ReadonlyArray<SkippedEvent>
  /** Rows by name and partition, after a row of one. */
  readonly rows: (
    after: readonly [row: string, partition: number] | undefined,
    limit: number
  ) => ReadonlyArray<StoredRow>
  readonly close: () => void
}

/**
 * Where views are kept (SPEC section 9). Nothing throws; failures by tag as those of an event store, and `Aborted` once it
 * is disposed of. A name has one live build, which readers see, until another one is put in its place.
 */
export type ViewStore = {
  /** The builds of a name, or all. */
  readonly generations: (name?: string) => TaskEither<Failure, ReadonlyArray<Generation>>
  /** Makes an empty build; one that was being built before it goes. A live one beside a live one is `Contended`. */
  readonly create: (spec: Omit<Generation, 'id'>, shape: ViewShape) => TaskEither<Failure, Generation>
  /** Raises the fence of a partition. `Fenced` where it is higher already. */
  readonly fence: (at: Cursor, epoch: number) => TaskEither<Failure, Exclude<Committed, 'Moved'>>
  readonly load: (at: Cursor, rows: ReadonlyArray<string>) => TaskEither<Failure, Loaded | 'Gone'>
  readonly commit: (commit: ViewCommit) => TaskEither<Failure, Committed>
  /** Puts a build in the place of the live one, which goes, in one step. */
  readonly promote: (generation: number) => TaskEither<Failure, 'Committed' | 'Gone'>
  readonly drop: (generation: number) => TaskEither<Failure, void>
  readonly checkpoints: (generation: number) => TaskEither<Failure, ReadonlyArray<Checkpoint>>
  readonly parked: (generation: number) => TaskEither<Failure, ReadonlyArray<ParkedKey>>
  /** The states of a row of the live build: one for each partition that has it. */
  readonly row: (name: string, row: string) => TaskEither<Failure, ReadonlyArray<string>>
  readonly snapshot: (generation: number) => TaskEither<Failure, ViewSnapshot | 'Gone'>
  /** Frees what the store holds; always returns. */
  readonly dispose: () => Promise<void>
}

/** A store of views that keyfold opened: `await using` disposes of it. */
export type OpenedViewStore = ViewStore & AsyncDisposing
