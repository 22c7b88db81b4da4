import type { Either } from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Failure } from '../../domain/failure.ts'
import type { Position, RecordedEvent, UnreadableEvent } from './event-store.ts'
import type {
  Checkpoint,
  Committed,
  Cursor,
  Generation,
  Loaded,
  ParkedKey,
  ViewCommit,
  ViewShape
} from './view-store.ts'

/** What a store of views does, within a transaction that is open. It throws what its file throws. */
export type ViewTables = {
  /** The builds of a name, or all. */
  readonly generations: (name?: string) => ReadonlyArray<Generation>
  /** Makes an empty build; one that was being built before it goes. A live one beside a live one is `Contended`. */
  readonly create: (spec: Omit<Generation, 'id'>, shape: ViewShape) => Either<Failure, Generation>
  /** Raises the fence of a partition. */
  readonly fence: (at: Cursor, epoch: number) => Exclude<Committed, 'Moved'>
  /** Rows, what waits and the checkpoint. */
  readonly load: (at: Cursor, rows: ReadonlyArray<string>) => Loaded | 'Gone'
  /** Writes rows, what waits and the checkpoint. */
  readonly commit: (commit: ViewCommit) => Committed
  /** Puts a build in the place of the live one. */
  readonly promote: (generation: number) => 'Committed' | 'Gone'
  /** Lets go of a build. */
  readonly drop: (generation: number) => void
  /** How far each partition has come. */
  readonly checkpoints: (generation: number) => ReadonlyArray<Checkpoint>
  /** What waits. */
  readonly parked: (generation: number) => ReadonlyArray<ParkedKey>
  /** The states of a row of the live build. */
  readonly row: (name: string, row: string) => ReadonlyArray<string>
}

/** A part of the log, in order, with what cannot be read. */
export type LogPart = {
  /** What lies there. */
  readonly found: ReadonlyArray<Either<UnreadableEvent, RecordedEvent>>
  /** What to read on after. */
  readonly next: Position | 'start'
  /** Whether nothing comes after it. */
  readonly atEnd: boolean
}

/** Views and the log in one file, as a transaction that may write sees them. */
export type ViewsBesideLog = ViewTables & {
  /** Reads on in the log, as its open transaction has it. A position that is none of its own is `InvalidInput`. */
  readonly readLog: (after: Position | 'start', streamPrefix: string, maxCount: number) => Either<Failure, LogPart>
  /** Whether the log holds an event; one that cannot be read is there. */
  readonly holds: (stream: string, revision: bigint, id: string) => boolean
  /** Whether a position is no further than the log has ever been; so is one that is none of its own. */
  readonly reaches: (position: Position | 'start') => boolean
}

/** What a store of views has besides where it is in the file of the log that its views are of. */
export type BesideLog = {
  /** Runs work in one transaction over both, which nobody else writes beside. A `Left` takes all of it back. */
  readonly besideLog: <A>(work: (within: ViewsBesideLog) => Either<Failure, A>) => TaskEither<Failure, A>
}

/** A view that is kept level with the log by whoever writes it (SPEC section 9). */
export type Inline = {
  /** What it is called. */
  readonly name: string
  /** Makes the build where there is none; why it cannot be kept by this writer, if so. */
  readonly prepare: (views: ViewsBesideLog) => Either<Failure, void>
  /** Takes in what the log holds beyond the view, up to a bound; whether the view is level then. */
  readonly advance: (views: ViewsBesideLog) => Either<Failure, boolean>
}
