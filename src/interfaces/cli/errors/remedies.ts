import type { Failure, FailureTag } from '../../../domain/failure.ts'

/** Whoever is told to name another file would begin a store that has seen nothing, and every key would be free again. */
const damaged = 'stop writing to this store, keep a copy, restore it from a backup, then run keyfold verify on it'

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
  StoreUnavailable:
    'check the address given with --store, else in KEYFOLD_STORE: whether the file, its folder or the server is there',
  StoreTimeout: 'the store did not answer in time; check its health, then run it again',
  AccessDenied: 'check user, password and permissions of the store given with --store',
  NotAStore: `name a keyfold store with --store; where this was one, ${damaged}`,
  UnsupportedVersion: 'this was written by a newer keyfold; use that version or a later one',
  CorruptStream:
    'stop writing to this store, keep a copy, restore the key from a backup, then run keyfold verify on it',
  ImportRefused: 'nothing was imported; correct what is named above, or leave that record out, then import again',
  Aborted: 'it was stopped before it was decided; run it again'
}

const codeOf = (cause: unknown): unknown =>
  typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined

const causeOf = (cause: unknown): unknown =>
  typeof cause === 'object' && cause !== null && 'cause' in cause ? cause.cause : undefined

/** What a failure goes back to, some causes deep. */
const causesOf = ({ cause }: Failure): ReadonlyArray<unknown> => [cause, causeOf(cause), causeOf(causeOf(cause))]

/** What Node says of a module that is not there, or that was built for another system. */
const notLoaded: ReadonlySet<unknown> = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_DLOPEN_FAILED'])

const sqlite =
  'install the SQLite driver beside keyfold (npm install libsql), on this very platform; its native part comes with npm install --include=optional'

const client = 'install the client of EventStoreDB beside keyfold (npm install @eventstore/db-client)'

const namesClient = (said: unknown): boolean =>
  typeof said === 'object' &&
  said !== null &&
  'message' in said &&
  String(said.message).includes('@eventstore/db-client')

/** What SQLite says of a file whose pages contradict each other. */
const isCorrupt = (cause: unknown): boolean => String(codeOf(cause)).startsWith('SQLITE_CORRUPT')

const unread = 'check the name of the file, and that this user may read it; nothing was imported'

const byCode: { readonly [tag in FailureTag]?: { readonly [code: string]: string } } = {
  ImportRefused: { ENOENT: unread, EACCES: unread, EPERM: unread, EISDIR: unread, ENOTDIR: unread },
  InvalidInput: {
    EEXIST: 'add --force to replace the file, or name another one; nothing was written',
    ENOENT: 'check the name of the file and of its folder; nothing was written',
    EACCES: 'check that this user may read or write the file; nothing was written',
    EISDIR: 'name a file, not a folder; nothing was written'
  }
}

/** Views come of the log and can be built anew: the store is neither named wrongly nor damaged. */
const ofViews: { readonly [tag in FailureTag]?: string } = {
  NotAStore: 'name a file of views with --views, or one that is not there yet, and run keyfold rebuild --all',
  StoreReadOnly: 'let this user write to the file of views and its folder, or name another one with --views',
  StoreUnavailable: 'check the file of views given with --views: whether it and its folder are there'
}

/** What to do about a failure, in one line: what fits its cause, where that is known, else what fits its tag. */
export const remedyFor = (failed: Failure): string => {
  const causes = causesOf(failed)
  if (causes.some((cause) => notLoaded.has(codeOf(cause)))) {
    return [failed, ...causes].some(namesClient) ? client : sqlite
  }
  const ofTag = byCode[failed._tag] ?? {}
  const code = causes.map(codeOf).find((one) => typeof one === 'string' && Object.hasOwn(ofTag, one))
  const remedy = failed.path === '$.views' ? ofViews[failed._tag] : undefined
  if (remedy !== undefined) return remedy
  if (failed._tag === 'NotAStore' && causes.some(isCorrupt)) return damaged
  return (typeof code === 'string' ? ofTag[code] : undefined) ?? remedies[failed._tag]
}
