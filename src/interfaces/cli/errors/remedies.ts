import type { Failure, FailureTag } from '../../../domain/failure.ts'

const remedies: { readonly [tag in FailureTag]: string } = {
  InvalidInput: 'correct the value that is named above; nothing was written',
  LimitExceeded: 'send less: a digest or a reference in place of the whole; nothing was written',
  Overloaded: 'too much waits on this key already and nothing was written; run it again when that is done',
  UnknownClaim: 'pass the claim exactly as reserve answered it, to the same --store and --category',
  Contended: 'others wrote at the same time and nothing was written by this command; run it again',
  AppendUnknown: 'whether it was written is not known; run it again, a reserve with the claim id above',
  StoreBusy: 'another process holds the store; nothing was written, so run it again when it is done',
  StoreFull: 'make room on the disk that is full, then run it again; nothing was written',
  StoreReadOnly: 'let this user write to the store and its folder, or name another store with --store',
  StoreUnavailable: 'check the address given with --store: whether the file, its folder or the server is there',
  StoreTimeout: 'the store did not answer in time; check its health, then run it again',
  AccessDenied: 'check user, password and permissions of the store given with --store',
  NotAStore: 'name a keyfold store with --store, or a file that does not exist yet to start a new one',
  UnsupportedVersion: 'this was written by a newer keyfold; use that version or a later one',
  CorruptStream: 'stop writing to this store, keep a copy, and restore the key from a backup',
  ImportRefused: 'nothing was imported; correct or remove the record named above, then import again',
  Aborted: 'it was stopped before it was decided; run it again'
}

/** What Node says of a module that is not there, or that was built for another system. */
const notLoaded: ReadonlySet<unknown> = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_DLOPEN_FAILED'])

const codeOf = (cause: unknown): unknown =>
  typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined

const causeOf = (cause: unknown): unknown =>
  typeof cause === 'object' && cause !== null && 'cause' in cause ? cause.cause : undefined

/** Whether a failure goes back to a module that could not be loaded, some causes deep. */
const lacksModule = ({ cause }: Failure): boolean =>
  [cause, causeOf(cause), causeOf(causeOf(cause))].some((one) => notLoaded.has(codeOf(one)))

/** What to do about a failure, in one line. */
export const remedyFor = (failed: Failure): string =>
  lacksModule(failed)
    ? 'install what is missing beside keyfold (npm install libsql for SQLite, @eventstore/db-client for EventStoreDB), on this very platform; native parts come with npm install --include=optional'
    : remedies[failed._tag]
