import type { Either } from 'fp-ts/Either'
import type { RecordedEvent, UnreadableEvent } from '../../application/ports/event-store.ts'
import type { Parameter, Row } from './connection.ts'

/** What `sqlite_schema` holds of one object, in one text. */
export const form = (...parts: ReadonlyArray<string>): string => parts.join('\n')

/** The index that answers for the uniqueness of revisions, by the name that SQLite gives it. */
export const revisionIndex = 'sqlite_autoindex_events_1'

/** How the events lie in a file: the statements that read them, and what their rows mean. */
export type FileSchema = {
  /** As `user_version` tells. */
  readonly version: number
  /** All that `sqlite_schema` holds of a store, and what it may hold besides. */
  readonly objects: ReadonlySet<string>
  readonly allowed: ReadonlySet<string>
  /** The last position that was ever given, and nothing in an empty file. */
  readonly lastPosition: string
  /** Of a stream: its name, a revision and a count. */
  readonly forwards: string
  readonly backwards: string
  /** Of a stream: its name and the last revision of interest. A row where events of it are out of reach. */
  readonly strays: string
  /** The same of a stream whose event at that revision, or the last before it, was found: what else is there comes after it. */
  readonly straysAfter: string
  /** Of a part of the log: the positions before and at its end, a count, the bounds of names. The last column is 1 for an event that commands find. */
  readonly scan: string
  /**
   * The same as one row: how many events there are, 1 where commands find all of them, their numbers as text (position,
   * revision, time, type, bytes of name, bytes of body), and their names and bodies; left out where there is none.
   */
  readonly scanAtOnce?: string
  /** With the same parameters: position and `size` of each event, bytes; 0 where it is too large to be read. */
  readonly sizes: string
  /** What the index of revisions knows of a part of the log: position, revision and the stream's name. */
  readonly indexed: string
  /** An event by its position. */
  readonly alone: string
  /** The name of the stream of an event, by its position. */
  readonly nameAt: string
  /** An event whose stream has lost its first, which alone names it; left out where each names it. */
  readonly headless?: string
  /** An event out of a row; of the stream that is named, where it was asked for by name. */
  readonly read: (row: Row, stream?: string) => Either<UnreadableEvent, RecordedEvent>
  readonly nameOf: (stream: string) => Parameter
  readonly streamOf: (name: unknown) => string | undefined
  /** The bounds of the names that start with a prefix; they may let others in. */
  readonly boundsOf: (prefix: string) => ReadonlyArray<Parameter>
}
