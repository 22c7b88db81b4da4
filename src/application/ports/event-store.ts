import type { Either } from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { ActualRevision, ExpectedRevision } from '../../domain/expected-revision.ts'
import type { Failure } from '../../domain/failure.ts'
import type { AsyncDisposing } from './async-disposable.ts'

/** An event as it is handed to a store. Data and metadata are JSON text, exactly as `JSON.stringify` wrote it. */
export type ProposedEvent = {
  /** A random UUID, fixed before the attempt's first try (SPEC section 6). */
  readonly id: string
  /** The type of the event, `Reserved` for example. */
  readonly type: string
  /** The event, as JSON text. */
  readonly data: string
  /** What stands beside the event, as JSON text: schema version, hashes, who and why. */
  readonly metadata: string
}

/** A place in the global log of a store; opaque, ordered only by the store that gave it. */
export type Position = string

/** An event as a store gives it back. */
export type RecordedEvent = ProposedEvent & {
  /** The stream that it stands in. */
  readonly stream: string
  /** Its place in its stream, from 0. */
  readonly revision: bigint
  /** Its place in the log of the store. */
  readonly position: Position
  /** The store's own time of recording, epoch ms. */
  readonly recordedAtMs: number
}

/** A store's failure, told by its tag: StoreBusy, StoreFull, StoreReadOnly, StoreUnavailable, StoreTimeout, … */
export type StoreError = Failure

/** Why an append did not succeed. Only `OutcomeUnknown` leaves open whether the events were written. */
export type AppendFailure =
  | {
      readonly _tag: 'WrongExpectedRevision'
      /** The revision that the stream has in place of the expected one. */
      readonly actual: ActualRevision
    }
  | {
      readonly _tag: 'NotWritten'
      /** Why nothing was written. */
      readonly error: StoreError
    }
  | {
      readonly _tag: 'OutcomeUnknown'
      /** Why nobody knows. */
      readonly error: StoreError
    }

/** What a successful append wrote, or had written before: the revision of its last event. */
export type Appended = {
  /** The revision of the last event, from 0. */
  readonly revision: bigint
}

/** What is to be appended to one stream. */
export type Append = {
  /** The name of the stream; one that does not exist is made. */
  readonly stream: string
  /** The revision that the stream must have. */
  readonly expected: ExpectedRevision
  /** The events, oldest first; at least one. */
  readonly events: ReadonlyArray<ProposedEvent>
}

/**
 * Appends events to one stream, all or none, under an expected revision.
 * Repeated ids are judged as in SPEC section 8: below the tail the same ids at the same revisions (or a prefix of
 * them) are success with the original revision, a superset or a mixture is a conflict; above the tail is a conflict;
 * at the tail the events are written.
 * The answer is wanted within `withinMs`, and within the store's own time where that is shorter.
 */
export type AppendToStream = (append: Append, withinMs?: number) => TaskEither<AppendFailure, Appended>

/** From older to newer, or from newer to older. */
export type Direction = 'forwards' | 'backwards'

/**
 * Reads up to `count` events of a stream from a revision, inclusive. A stream that does not exist has no events. The
 * answer is wanted within `withinMs`, and within the store's own time where that is shorter.
 */
export type ReadStream = (
  stream: string,
  direction: Direction,
  from: bigint | 'start' | 'end',
  count: number,
  withinMs?: number
) => TaskEither<StoreError, ReadonlyArray<RecordedEvent>>

/** An event that is there and cannot be read: its stream and revision as far as they are known, and why (CorruptStream). */
export type UnreadableEvent = {
  /** Its place in the log: to follow on from there passes over it. */
  readonly position: Position
  /** The stream that it stands in, where that is known. */
  readonly stream?: string
  /** Its place in its stream, where that is known. */
  readonly revision?: bigint
  /** Why it cannot be read: `CorruptStream`. */
  readonly error: StoreError
}

/** One page of the global log. `next` is where to read on; `atEnd` tells that nothing came after it when it was read. */
export type LogPage = {
  /** The events of the page, in the order of the log. */
  readonly events: ReadonlyArray<RecordedEvent>
  /**
   * What lies among the events and cannot be read, by position: of streams with the prefix, and of those that nobody
   * can name any more. One bad event must not hide the rest of the log. Left out where there is none.
   */
  readonly unreadable?: ReadonlyArray<UnreadableEvent>
  /** Where to read on, exclusive. */
  readonly next: Position | 'start'
  /** Whether nothing came after it when it was read. */
  readonly atEnd: boolean
}

/** Reads the global log after a position (exclusive), only streams whose name starts with the prefix. */
export type ReadAll = (
  after: Position | 'start',
  streamPrefix: string,
  maxCount: number
) => TaskEither<StoreError, LogPage>

/** What a catch-up subscription delivers. Delivery is at least once, in log order. */
export type SubscriptionMessage =
  | {
      readonly _tag: 'Event'
      /** The next event of the log that fits. */
      readonly event: RecordedEvent
    }
  | {
      readonly _tag: 'Checkpoint'
      /** How far the log was read, though nothing there fitted: a place to follow on from. */
      readonly position: Position
    }
  | { readonly _tag: 'CaughtUp' }

/**
 * Follows the global log after a position (exclusive), only streams whose name starts with the prefix. The consumer's
 * pace is the producer's (backpressure); returning early, or aborting the signal, ends it and frees what it holds. A
 * `Left` is the last message: the subscription could not be kept up, or the next event cannot be read (CorruptStream,
 * which names its position: whoever can do without it follows on from there).
 */
export type Subscribe = (options: {
  /** Where to begin, exclusive. */
  readonly after: Position | 'start'
  /** Only events of streams whose name starts so. */
  readonly streamPrefix: string
  /** Ends the subscription once it is aborted. */
  readonly signal?: AbortSignal
}) => AsyncIterable<Either<StoreError, SubscriptionMessage>>

/** Appends to many streams in one transaction: all or none. `index` names the append that failed. */
export type AppendAtomically = (appends: Iterable<Append> | AsyncIterable<Append>) => TaskEither<
  AppendFailure & {
    /** Which append it was, from 0. */
    readonly index: number
  },
  void
>

/**
 * Whether all events of a stream up to a revision were removed: deleted, or hidden by what the store was told of the
 * stream. Asked only where one that was there is missing from a read.
 */
export type IsRemoved = (stream: string, revision: bigint, withinMs?: number) => TaskEither<StoreError, boolean>

/**
 * Sees to it that reads show everything that was acknowledged before this call, by whichever process. `always`: those
 * before it did too; `fromNowOn`: those that begin after it do. A store with several nodes turns to the one that leads
 * them; where it cannot tell which one does, that is `StoreUnavailable`.
 */
export type ConfirmCurrent = (withinMs?: number) => TaskEither<StoreError, 'always' | 'fromNowOn'>

/** The store port (SPEC section 8): one contract, kept by every adapter and checked by the published contract suite. */
export type EventStore = {
  /** Appends events to one stream, all or none, under an expected revision. */
  readonly append: AppendToStream
  /** Reads events of one stream. */
  readonly readStream: ReadStream
  /** Reads a page of the global log. */
  readonly readAll: ReadAll
  /** Follows the global log. */
  readonly subscribe: Subscribe
  /** Only where the store can write to many streams in one transaction. */
  readonly appendAtomically?: AppendAtomically
  /** The most bytes of data and metadata that one append may hold, where the store has such a limit. */
  readonly maxAppendBytes?: number
  /**
   * Only where a stream that was deleted goes on at the revision after its last one, when it is written to again: its
   * first event then stands above revision 0.
   */
  readonly continuesAfterDelete?: boolean
  /** Only where events can be removed. Without it a read that lacks an event is behind. */
  readonly isRemoved?: IsRemoved
  /** Only where the store can tell. Without it a claim that a read does not show yet is looked for a few times more. */
  readonly confirmCurrent?: ConfirmCurrent
  /** Frees what the store holds; always returns. */
  readonly dispose: () => Promise<void>
}

/** A store that keyfold opened: `await using` disposes of it. */
export type OpenedStore = EventStore & AsyncDisposing
