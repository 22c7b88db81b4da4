export type { FileChunks, FileReadOptions } from './adapters/predecessor-file/read.ts'
export type { Classification, ThrowPolicy } from './application/effects/classify.ts'
export type { EffectsLedger, ManyKeysLedger } from './application/effects/effects-ledger.ts'
export type { FingerprintInput } from './application/effects/fix-fingerprint.ts'
export type * from './application/effects/once-answer.ts'
export type { OnceKey } from './application/effects/once-options.ts'
export type { ResultCodec, StandardSchema } from './application/effects/result-codec.ts'
export { ResultUnreadable } from './application/effects/result-unreadable.ts'
export type { OnceFailure } from './application/effects/run-once.ts'
export { StepUnrecorded } from './application/effects/step-unrecorded.ts'
export { type AbortCause, TaskAborted } from './application/effects/task-aborted.ts'
export type { RecoverContext, Recovery, Step, TaskContext } from './application/effects/task-context.ts'
export type { TaskLedger } from './application/ledger.ts'
export type { AsyncDisposing } from './application/ports/async-disposable.ts'
export type { Clock } from './application/ports/clock.ts'
export type * from './application/ports/event-store.ts'
export type { Random } from './application/ports/random.ts'
export type { Timer } from './application/ports/timer.ts'
export type { CheckedOutcome, OutcomeToCheck } from './application/requests/check-outcome.ts'
export type * from './application/requests/requests.ts'
export type { Limits, Recording } from './application/settings.ts'
export type { KeyIdentity } from './application/stream/key-identity.ts'
export type { UnreadableStream } from './application/stream/scan.ts'
export type { AsOfRequest } from './application/use-cases/audit/as-of.ts'
export type { DiffRequest, KeyDiff } from './application/use-cases/audit/diff.ts'
export type { ExplainRequest } from './application/use-cases/audit/explain.ts'
export type { MomentInput } from './application/use-cases/audit/moment.ts'
export type { Finding, FindingKind } from './application/use-cases/audit/verify/finding.ts'
export type { Verified, VerifyProgress } from './application/use-cases/audit/verify/report.ts'
export type { VerifyOptions } from './application/use-cases/audit/verify/verify.ts'
export type { KeyDifference, WhatIf, WhatIfOptions } from './application/use-cases/audit/what-if/options.ts'
export type { AwaitAnswer } from './application/use-cases/await-outcome/waited.ts'
export type { EventFilter } from './application/use-cases/event-filter.ts'
export type { EventsRead, EventsRequest } from './application/use-cases/events.ts'
export { type HistoryEntry, type HistoryEntryJson, historyToJson } from './application/use-cases/history.ts'
export type { ImportOptions, ImportSummary } from './application/use-cases/import/import-records.ts'
export type { ListFilter } from './application/use-cases/list.ts'
export type { ConflictReport } from './application/use-cases/reports/conflicts.ts'
export type { StatsFilter, StatsReport } from './application/use-cases/reports/stats.ts'
export type { AllReserved, Blocked } from './application/use-cases/reserve-all.ts'
export type { ScanFilter } from './application/use-cases/scan-filter.ts'
export type { Stuck, StuckFilter } from './application/use-cases/stuck.ts'
export type { LedgerMessage, LedgerSubscription } from './application/use-cases/subscribe.ts'
export type { SweepOptions, SweepProgress } from './application/use-cases/sweep/options.ts'
export type { SweepSummary } from './application/use-cases/sweep/sweep.ts'
export { decodeRecorded } from './composition/decode-recorded.ts'
export { claimHash, decodeEvent, fingerprint, jsonFingerprint, recordId } from './composition/hashing.ts'
export type { IdentityOptions } from './composition/identity.ts'
export { isRetryable } from './composition/is-retryable.ts'
export { createLedger, type Ledger, type LedgerOptions } from './composition/ledger.ts'
export {
  type OnceLedger,
  type OnceOptions,
  type OnceTaskEitherOptions,
  once,
  onceTaskEither
} from './composition/once.ts'
export {
  type OnceAllLedger,
  type OnceAllOptions,
  type OnceAllTaskEitherOptions,
  onceAll,
  onceAllTaskEither
} from './composition/once-all.ts'
export type { OnceTaskEitherRules, OnceTaskRules, Task, TaskEitherTask } from './composition/once-faces.ts'
export { readPredecessorFile, readPredecessorFileTaskEither } from './composition/predecessor-file.ts'
export { KeyfoldError } from './composition/promises.ts'
export { streamPrefix } from './composition/stream-prefix.ts'
export type {
  AlreadyCompleted,
  Answer,
  ClaimLost,
  CompleteAnswer,
  CompleteByKeyAnswer,
  CompleteByOperatorAnswer,
  Completed,
  CompletedByKey,
  Conflict,
  Duplicate,
  ExpireAnswer,
  ExpireByOperatorAnswer,
  Expired,
  Gone,
  Imported,
  InDoubt,
  Marked,
  MarkInDoubtAnswer,
  NotDue,
  NotHeld,
  Reached,
  ReachRecoveryPointAnswer,
  ReleaseAnswer,
  Released,
  RenewAnswer,
  Renewed,
  ReserveAnswer,
  Reserved,
  Skipped
} from './domain/answers.ts'
export type { AsOf } from './domain/audit/as-of.ts'
export type { ChangedField } from './domain/audit/diff.ts'
export type { Explained, ExplainedAnswer } from './domain/audit/explain.ts'
export type { Asked, Said } from './domain/audit/what-if/difference.ts'
export type { Claim, ClaimHash } from './domain/claim.ts'
export { type Command, type CommandInput, defaultPolicy, type Policy } from './domain/commands.ts'
export { decidePlain as decide } from './domain/decide/decide-plain.ts'
export type { Decision, Settled } from './domain/decide/decision.ts'
export type { ReserveRow } from './domain/decide/reserve-rows.ts'
export { decider } from './domain/decider.ts'
export type { Doubt } from './domain/doubt.ts'
export type { EventOfType, EventType, IdentifiedEvent, LedgerEvent } from './domain/events/ledger-event.ts'
export { apply, evolve, fold } from './domain/evolve.ts'
export { type ExpectedRevision, exactly, noStream } from './domain/expected-revision.ts'
export type { Failure, FailureTag } from './domain/failure.ts'
export type { RecordId } from './domain/identity.ts'
export type { Instant, Millis } from './domain/instant.ts'
export type { Json, JsonInput } from './domain/json.ts'
export type { Outcome } from './domain/outcome.ts'
export { extendPast, noPast, type Past } from './domain/past.ts'
export type { IdempotencyRecord, Status } from './domain/record.ts'
export type { RecoveryPoint, RecoveryPoints } from './domain/recovery-points.ts'
export type { EventCounts } from './domain/reports/buckets.ts'
export type { ConflictRow } from './domain/reports/conflicts.ts'
export type { Percentiles } from './domain/reports/sketch.ts'
export type { KeyCounts } from './domain/reports/stats.ts'
export { initialState, type State } from './domain/state.ts'
export type { StuckReason } from './domain/stuck.ts'
export type { Tenant } from './domain/tenant.ts'
