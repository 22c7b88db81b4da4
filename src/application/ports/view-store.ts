import type { TaskEither } from 'fp-ts/TaskEither'
import type { Failure } from '../../domain/failure.ts'
import type { AsyncDisposing } from './async-disposable.ts'
import type { Position } from './event-store.ts'

/** What a column of a view may hold, beside NULL. */
export type ColumnType = 'text' | 'integer' | 'real'
/** What a column holds. */
export type ColumnValue = string | number | null

/** What a view looks like to whoever reads it by SQL: beside `row` and `state` these columns, and indexes over some. */
export type ViewShape = {
  /** What SQL sees, by name. */
  readonly columns: { readonly [name: string]: ColumnType }
  /** Columns that are searched together. */
  readonly indexes: ReadonlyArray<ReadonlyArray<string>>
}

/** The last event that a partition took in: a log that does not hold it is not the log of the view. */
export type Anchor = {
  /** The name of its stream. */
  readonly stream: string
  /** Its revision. */
  readonly revision: string
  /** Its id. */
  readonly id: string
}

/** How far a partition of a view has come. It is stored with the rows that came of it, or not at all. */
export type Checkpoint = {
  /** A place in the log, as the store tells it. */
  readonly position: Position | 'start'
  /** The last event that was taken in. */
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
  /** Which one it is. */
  readonly id: number
  /** What it is called. */
  readonly name: string
  /** Of the projection that made it. */
  readonly version: number
  /** Whose log it is a view of: the category of the streams. */
  readonly category: string
  /** Into how many partitions the keys are divided. */
  readonly partitions: number
  /** Whether readers see it, or it is being built. */
  readonly standing: 'live' | 'building'
}

/** One partition of one build. */
export type Cursor = {
  /** Which build. */
  readonly generation: number
  /** Which partition, from 0 on. */
  readonly partition: number
}

/** A row as it is stored: its state is JSON text; without one the row goes. */
export type RowChange = {
  /** The name of the row. */
  readonly row: string
  /** Its state. */
  readonly state: string | undefined
  /** What SQL sees, by name. */
  readonly columns: { readonly [name: string]: ColumnValue }
}

/** A row as it stands. */
export type StoredRow = {
  /** The name of the row. */
  readonly row: string
  /** Whose part of the row it is. */
  readonly partition: number
  /** Its state, as JSON text. */
  readonly state: string
}

/** A key that waits, since one of its events could not be taken in. What came after it waits in the log. */
export type ParkedKey = {
  /** The record id; of an event whose stream nobody can name, its place in the log. */
  readonly recordId: string
  /** Which partition, from 0 on. */
  readonly partition: number
  /** A place in the log, as the store tells it; `stream@revision` of one that cannot be read, where nobody told it. */
  readonly position: Position
  /** Where the stream is known: where it stands, and the last one that waits behind it. */
  readonly stream?: string | undefined
  /** Where it stands in its stream. */
  readonly revision?: string | undefined
  /** The last one that waits, by its revision. */
  readonly lastRevision?: string | undefined
  /** How many events wait, itself included. */
  readonly waiting: number
  /** The kind of what went wrong. */
  readonly tag: string
  /** Why, in words. */
  readonly reason: string
  /** Since when, epoch ms. */
  readonly parkedAtMs: number
}

/** An event that an operator had left out, in every build of the view. */
export type SkippedEvent = {
  /** The record id of the key. */
  readonly recordId: string
  /** Where it stands in its stream. */
  readonly revision?: string | undefined
  /** A place in the log, as that of a key that waits; no two events have the same one. */
  readonly position: Position
  /** Who decided it. */
  readonly actor: string
  /** Why, in words. */
  readonly reason: string
  /** When, epoch ms. */
  readonly skippedAtMs: number
}

/** What a batch needs to know of a partition, as of one moment. `seq` counts its commits. */
export type Loaded = {
  /** How many commits there were. */
  readonly seq: number
  /** The fence. */
  readonly epoch: number
  /** How far it has come. */
  readonly checkpoint: Checkpoint
  /** The rows. */
  readonly rows: ReadonlyMap<string, string>
  /** What waits. */
  readonly parked: ReadonlyArray<ParkedKey>
  /** What operators had left out. */
  readonly skipped: ReadonlyArray<SkippedEvent>
}

/** Rows, what waits and the checkpoint: one transaction. */
export type ViewCommit = Cursor & {
  /** The fence: whoever holds a lower epoch than the partition has seen writes nothing. */
  readonly epoch: number
  /** What was loaded: where somebody else committed since, nothing is written. */
  readonly seq: number
  /** How far it has come. */
  readonly checkpoint: Checkpoint
  /** The rows. */
  readonly rows: ReadonlyArray<RowChange>
  /** Keys that wait, anew or with more behind them. */
  readonly parked: ReadonlyArray<ParkedKey>
  /** Keys that do not wait any more. */
  readonly unparked?: ReadonlyArray<string> | undefined
  /** What operators had left out. */
  readonly skipped?: SkippedEvent | undefined
}

/** `Moved`: somebody else committed since it was loaded. `Fenced`: a later runner has the partition. `Gone`: the build is. */
export type Committed = 'Committed' | 'Moved' | 'Fenced' | 'Gone'

/** A build at one moment, whatever is committed meanwhile. */
export type ViewSnapshot = {
  /** How far each partition has come. */
  readonly checkpoints: ReadonlyArray<Checkpoint>
  /** What waits. */
  readonly parked: ReadonlyArray<ParkedKey>
  /** What operators had left out. */
  readonly skipped: ReadonlyArray<SkippedEvent>
  /** Rows by name and partition, after a row of one. */
  readonly rows: (
    after: readonly [row: string, partition: number] | undefined,
    limit: number
  ) => ReadonlyArray<StoredRow>
  /** Frees what it holds. */
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
  /** Rows, what waits and the checkpoint, as of one moment. */
  readonly load: (at: Cursor, rows: ReadonlyArray<string>) => TaskEither<Failure, Loaded | 'Gone'>
  /** Writes rows, what waits and the checkpoint: all or nothing. */
  readonly commit: (commit: ViewCommit) => TaskEither<Failure, Committed>
  /** Puts a build in the place of the live one, which goes, in one step. */
  readonly promote: (generation: number) => TaskEither<Failure, 'Committed' | 'Gone'>
  /** Lets go of a build. */
  readonly drop: (generation: number) => TaskEither<Failure, void>
  /** How far each partition has come. */
  readonly checkpoints: (generation: number) => TaskEither<Failure, ReadonlyArray<Checkpoint>>
  /** What waits. */
  readonly parked: (generation: number) => TaskEither<Failure, ReadonlyArray<ParkedKey>>
  /** The states of a row of the live build: one for each partition that has it. */
  readonly row: (name: string, row: string) => TaskEither<Failure, ReadonlyArray<string>>
  /** A build as it is at this moment. */
  readonly snapshot: (generation: number) => TaskEither<Failure, ViewSnapshot | 'Gone'>
  /** Frees what the store holds; always returns. */
  readonly dispose: () => Promise<void>
}

/** A store of views that keyfold opened: `await using` disposes of it. */
export type OpenedViewStore = ViewStore & AsyncDisposing
