import type { Either } from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type {
  CompleteAnswer,
  CompleteByKeyAnswer,
  CompleteByOperatorAnswer,
  ExpireAnswer,
  ExpireByOperatorAnswer,
  MarkInDoubtAnswer,
  ReachRecoveryPointAnswer,
  ReleaseAnswer,
  RenewAnswer,
  ReserveAnswer
} from '../domain/answers.ts'
import type { AsOf } from '../domain/audit/as-of.ts'
import type { Explained } from '../domain/audit/explain.ts'
import type { Failure } from '../domain/failure.ts'
import type { IdempotencyRecord } from '../domain/record.ts'
import { createEngine } from './engine/engine.ts'
import { currentStore } from './engine/watch/current-store.ts'
import { checkedStore, patientStore, watchedStore } from './engine/watch/guarded-store.ts'
import { knownRevisionsOf } from './engine/watch/known-revisions.ts'
import { timeWatch } from './engine/watch/time-watch.ts'
import { type CheckedOutcome, checkOutcome, type OutcomeToCheck } from './requests/check-outcome.ts'
import {
  completeByKeyMembers,
  completeByOperatorMembers,
  completeMembers,
  doubtMembers,
  expireMembers,
  operatorMembers,
  pointMembers,
  releaseMembers,
  renewMembers,
  reserveMembers
} from './requests/members.ts'
import { parseComplete, parseCompleteByKey, parseCompleteByOperator } from './requests/parse-complete.ts'
import { parseExpire, parseRelease, parseRenew } from './requests/parse-hold.ts'
import { parseExpireByOperator } from './requests/parse-operator.ts'
import { parseMarkInDoubt, parseReachRecoveryPoint } from './requests/parse-progress.ts'
import { parseReserve } from './requests/parse-reserve.ts'
import type {
  AwaitRequest,
  CompleteAllRequest,
  CompleteByKeyRequest,
  CompleteByOperatorRequest,
  CompleteRequest,
  ExpireRequest,
  KeyRef,
  MarkInDoubtRequest,
  OperatorRequest,
  ReachRecoveryPointRequest,
  RecordInput,
  ReleaseAllRequest,
  ReleaseRequest,
  RenewRequest,
  ReserveAllRequest,
  ReserveRequest
} from './requests/requests.ts'
import { tellingOfTheKey } from './requests/still-held.ts'
import { submitParsed } from './requests/submit-parsed.ts'
import type { Settings } from './settings.ts'
import { dueKeysInLog } from './stream/due-keys.ts'
import { type AsOfRequest, asOf } from './use-cases/audit/as-of.ts'
import { type DiffRequest, diff, type KeyDiff } from './use-cases/audit/diff.ts'
import { type ExplainRequest, explain } from './use-cases/audit/explain.ts'
import type { Verified } from './use-cases/audit/verify/report.ts'
import { type VerifyOptions, verify } from './use-cases/audit/verify/verify.ts'
import type { WhatIf, WhatIfOptions } from './use-cases/audit/what-if/options.ts'
import { whatIf } from './use-cases/audit/what-if/what-if.ts'
import { waitingOn } from './use-cases/await-outcome/await-outcome.ts'
import type { AwaitAnswer } from './use-cases/await-outcome/waited.ts'
import { completeAll, releaseAll } from './use-cases/each-claim.ts'
import type { EventFilter } from './use-cases/event-filter.ts'
import { type EventsRead, type EventsRequest, events } from './use-cases/events.ts'
import { get } from './use-cases/get.ts'
import { type HistoryEntry, history } from './use-cases/history.ts'
import { type ImportOptions, type ImportSummary, importRecords } from './use-cases/import/import-records.ts'
import { type ListFilter, list } from './use-cases/list.ts'
import { type ConflictReport, conflicts } from './use-cases/reports/conflicts.ts'
import { type StatsFilter, type StatsReport, stats } from './use-cases/reports/stats.ts'
import { type AllReserved, type Blocked, reserveAll } from './use-cases/reserve-all.ts'
import { type Stuck, type StuckFilter, stuck } from './use-cases/stuck.ts'
import { type LedgerMessage, type LedgerSubscription, subscribe } from './use-cases/subscribe.ts'
import type { SweepOptions } from './use-cases/sweep/options.ts'
import { type SweepSummary, sweep } from './use-cases/sweep/sweep.ts'

/** The use cases of the ledger. Duplicates, conflicts and lost claims are answers; a `Left` is a failure by its tag. */
export type TaskLedger = {
  /** Asks whether a request was seen before, and claims its key where it was not. */
  readonly reserve: (request: ReserveRequest) => TaskEither<Failure, ReserveAnswer>
  /** Stores what came of the work, under the claim that `reserve` gave. A retry with the same outcome is safe. */
  readonly complete: (request: CompleteRequest) => TaskEither<Failure, CompleteAnswer>
  /**
   * Whether `complete` would take an outcome, or its `details` alone: to be asked before the effect. It asks no store and
   * writes nothing, and is answered at once. `InvalidInput` with the path of what cannot be JSON; `LimitExceeded`.
   */
  readonly checkOutcome: (outcome: OutcomeToCheck) => Either<Failure, CheckedOutcome>
  /** The predecessor's unfenced form: no claim is asked for, and the last one wins. Prefer `complete`. */
  readonly completeByKey: (request: CompleteByKeyRequest) => TaskEither<Failure, CompleteByKeyAnswer>
  /** Gives a claim back, so that the key can be reserved at once. */
  readonly release: (request: ReleaseRequest) => TaskEither<Failure, ReleaseAnswer>
  /** Prolongs the lease of a claim: the heartbeat of long work. */
  readonly renew: (request: RenewRequest) => TaskEither<Failure, RenewAnswer>
  /**
   * Writes down how far the work under a claim got, for whoever takes over by lease: the record that `reserve` answers them
   * has it. Again with the same name and data is safe; with other data it replaces them. `LimitExceeded` over 100 points
   * or 64 KiB of them as JSON.
   */
  readonly reachRecoveryPoint: (request: ReachRecoveryPointRequest) => TaskEither<Failure, ReachRecoveryPointAnswer>
  /**
   * Says that nobody knows whether the effect of the work under a claim happened: from then on reserves are answered
   * `InDoubt`, whatever leases and retention say, until the holder completes or releases, or an operator ends it.
   */
  readonly markInDoubt: (request: MarkInDoubtRequest) => TaskEither<Failure, MarkInDoubtAnswer>
  /** Ends a record whose retention is over. */
  readonly expire: (request: ExpireRequest) => TaskEither<Failure, ExpireAnswer>
  /** An operator ends a reservation, and says who and why. */
  readonly expireByOperator: (request: OperatorRequest) => TaskEither<Failure, ExpireByOperatorAnswer>
  /** An operator completes a reservation, and says who and why. */
  readonly completeByOperator: (request: CompleteByOperatorRequest) => TaskEither<Failure, CompleteByOperatorAnswer>
  /** Claims several keys, or none. */
  readonly reserveAll: (requests: ReadonlyArray<ReserveAllRequest>) => TaskEither<Failure, AllReserved | Blocked>
  /** The same outcome on several claims; safe to repeat. */
  readonly completeAll: (request: CompleteAllRequest) => TaskEither<Failure, ReadonlyArray<CompleteAnswer>>
  /** Gives several claims back; safe to repeat. */
  readonly releaseAll: (request: ReleaseAllRequest) => TaskEither<Failure, ReadonlyArray<ReleaseAnswer>>
  /**
   * The record of a key, given by what it is made of or by its record id, or none. Looks at neither expiry nor status; blank
   * input is none.
   */
  readonly get: (key: KeyRef) => TaskEither<Failure, IdempotencyRecord | undefined>
  /** Waits until a key has an outcome, or nobody is at work on it any more. Never writes; see `AwaitAnswer`. */
  readonly awaitOutcome: (request: AwaitRequest) => TaskEither<Failure, AwaitAnswer>
  /** Every event of a key, given as `get` takes it, oldest first, with its envelope. */
  readonly history: (key: KeyRef) => TaskEither<Failure, ReadonlyArray<HistoryEntry>>
  /**
   * Hands the events of all keys that fit over, oldest first, page by page, at the taker's pace. A plain scan of the log, in
   * memory that does not grow with it.
   */
  readonly events: (request: EventsRequest) => TaskEither<Failure, EventsRead>
  /** The records of all held keys that fit, by ascending record id. A plain scan of the log. */
  readonly list: (filter?: ListFilter) => TaskEither<Failure, ReadonlyArray<IdempotencyRecord>>
  /** A key as it stood at a moment. */
  readonly asOf: (request: AsOfRequest) => TaskEither<Failure, AsOf>
  /** What `reserve` would have answered at a moment, and why. */
  readonly explain: (request: ExplainRequest) => TaskEither<Failure, Explained>
  /** What two moments of a key differ in, and the events between them. */
  readonly diff: (request: DiffRequest) => TaskEither<Failure, KeyDiff>
  /** Which requests would have been answered differently under another policy. */
  readonly whatIf: (options: WhatIfOptions) => TaskEither<Failure, WhatIf>
  /** Judges what the store holds, event by event, and names what is wrong by stream and revision. */
  readonly verify: (options?: VerifyOptions) => TaskEither<Failure, Verified>
  /**
   * The records of which nothing may come by itself: held, without an outcome, and in doubt, or with a lease that is over or
   * none; why, and since when; by ascending record id. A plain scan of the log.
   */
  readonly stuck: (filter?: StuckFilter) => TaskEither<Failure, ReadonlyArray<Stuck>>
  /** Which requests met a key that was used for another one, by operation and fingerprint. A plain scan of the log. */
  readonly conflicts: (filter?: EventFilter) => TaskEither<Failure, ConflictReport>
  /** How keys stand, how many events came when, how long work took, what came too late. A plain scan of the log. */
  readonly stats: (filter?: StatsFilter) => TaskEither<Failure, StatsReport>
  /**
   * Expires every key that is due by retention, in bounded batches; on as many nodes at once as like. Reads the whole log.
   * No key ends it: those that could not be read or expired are named in the summary.
   */
  readonly sweep: (options?: SweepOptions) => TaskEither<Failure, SweepSummary>
  /** Follows all keys, from a position on, and goes on live. A `Left` is the last message. */
  readonly subscribe: (options?: LedgerSubscription) => AsyncIterable<Either<Failure, LedgerMessage>, void, undefined>
  /** Brings records of another system in, all or none. */
  readonly importRecords: (
    records: ReadonlyArray<RecordInput>,
    options: ImportOptions
  ) => TaskEither<Failure, ImportSummary>
  /** Finishes what runs and takes no more commands. The store stays open: it is disposed of by whoever opened it. */
  readonly dispose: () => TaskEither<never, void>
}

/** Ties the use cases to their settings. */
export const taskLedger = (given: Settings): TaskLedger => {
  const watch = timeWatch(given)
  const store = currentStore(checkedStore(given.store), knownRevisionsOf(given.store), given)
  const settings: Settings = { ...given, store: patientStore(store, watch, given.deadlineMs) }
  const engine = createEngine(settings, watchedStore(store, watch), watch)
  const waiting = waitingOn(engine)
  return {
    reserve: submitParsed(engine, parseReserve, reserveMembers),
    complete: tellingOfTheKey(submitParsed(engine, parseComplete, completeMembers)),
    checkOutcome: checkOutcome(settings),
    completeByKey: submitParsed(engine, parseCompleteByKey, completeByKeyMembers),
    release: submitParsed(engine, parseRelease, releaseMembers),
    renew: submitParsed(engine, parseRenew, renewMembers),
    reachRecoveryPoint: submitParsed(engine, parseReachRecoveryPoint, pointMembers),
    markInDoubt: submitParsed(engine, parseMarkInDoubt, doubtMembers),
    expire: submitParsed(engine, parseExpire, expireMembers),
    expireByOperator: submitParsed(engine, parseExpireByOperator, operatorMembers),
    completeByOperator: submitParsed(engine, parseCompleteByOperator, completeByOperatorMembers),
    reserveAll: reserveAll(engine),
    completeAll: tellingOfTheKey(completeAll(engine)),
    releaseAll: releaseAll(engine),
    get: get(settings),
    awaitOutcome: waiting.awaitOutcome,
    history: history(settings),
    events: events(settings),
    list: list(settings),
    asOf: asOf(settings),
    explain: explain(settings),
    diff: diff(settings),
    whatIf: whatIf(settings),
    verify: verify(settings),
    stuck: stuck(settings),
    conflicts: conflicts(settings),
    stats: stats(settings),
    sweep: sweep(engine, dueKeysInLog(settings)),
    subscribe: subscribe(settings),
    importRecords: importRecords(engine),
    dispose: () => async () => {
      const disposed = engine.dispose()
      waiting.endAll()
      return { _tag: 'Right', right: await disposed }
    }
  }
}
