import type { AppendFailure, StoreError } from '../../application/ports/event-store.ts'
import { amended, type FailureTag } from '../../domain/failure.ts'
import { quoted } from '../../domain/text.ts'
import { disposedOf } from '../common/disposed-of.ts'

/** What is wrong with the file; other failures are of what is asked, or of one key. */
const ofTheFile: ReadonlySet<FailureTag> = new Set<FailureTag>([
  'StoreBusy',
  'StoreFull',
  'StoreReadOnly',
  'StoreUnavailable',
  'AccessDenied',
  'NotAStore',
  'UnsupportedVersion'
])

/** Says of a failure which file it is about: a process may have several open, and a name in a setting may be relative. */
export const namingFile =
  (path: string) =>
  (error: StoreError): StoreError =>
    ofTheFile.has(error._tag) && error !== disposedOf
      ? amended(error, { message: `${error.message}: ${quoted(path)}` })
      : error

/** The same of an append that failed. */
export const namingFileOf =
  (path: string) =>
  <F extends AppendFailure>(failed: F): F =>
    failed._tag === 'WrongExpectedRevision' ? failed : { ...failed, error: namingFile(path)(failed.error) }
