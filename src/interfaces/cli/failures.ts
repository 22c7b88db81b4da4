import type { Failure, FailureTag } from '../../domain/failure.ts'

/** What to do about a failure, and the exit code that tells it apart in a script. */
export const remedies: { readonly [T in FailureTag]: { readonly exit: number; readonly remedy: string } } = {
  InvalidInput: { exit: 64, remedy: 'Correct the named field and try again.' },
  LimitExceeded: { exit: 65, remedy: 'Send less, or raise the limit where the ledger is created.' },
  UnknownClaim: { exit: 66, remedy: 'Use the claim that reserve gave; it fits one key and one store.' },
  Contended: { exit: 67, remedy: 'Nothing was written: try again.' },
  AppendUnknown: { exit: 68, remedy: 'Reserve again with the claim id named, or ask with get.' },
  StoreBusy: { exit: 69, remedy: 'Another process holds the file: try again once it is done.' },
  StoreFull: { exit: 70, remedy: 'Make room on the disk and try again; nothing was written.' },
  StoreReadOnly: { exit: 71, remedy: 'Make the file and its folder writable, or choose another --store.' },
  StoreUnavailable: { exit: 72, remedy: 'Check --store: the folder must exist, the server must run.' },
  StoreTimeout: { exit: 73, remedy: 'Try again; if it stays slow, look at the server.' },
  AccessDenied: { exit: 74, remedy: 'Check the credentials and the rights of the file.' },
  NotAStore: { exit: 75, remedy: 'Choose another --store: this file is not keyfold’s and was left as it is.' },
  UnsupportedVersion: { exit: 76, remedy: 'Use a newer keyfold: this was written by one.' },
  CorruptStream: { exit: 77, remedy: 'Keep the store as it is and look at the stream named with history.' },
  ImportRefused: { exit: 78, remedy: 'Correct the record named and import again; nothing was written.' },
  Aborted: { exit: 79, remedy: 'Run it again if it is still wanted.' }
}

/** One line of cause, one of remedy. */
export const describeFailure = (failure: Failure): string =>
  `${failure._tag}: ${failure.message}\n${remedies[failure._tag].remedy}\n`
