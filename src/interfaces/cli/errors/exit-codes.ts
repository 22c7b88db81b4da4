import type { FailureTag } from '../../../domain/failure.ts'

/** Exit codes that no failure of the ledger stands behind; documented in docs/reference/cli.md. */
export const exit = {
  /** Answered. Duplicates, conflicts, lost claims and "none" are answers. */
  answered: 0,
  /** A defect of keyfold, or output that could not be written. */
  unexpected: 1,
  /** The command line was not understood. */
  usage: 2,
  /** Answered, but for streams that could not be read; they are named on stderr. */
  incomplete: 3,
  /** `verify` found something wrong in the store, which is named in the answer; or nothing of the key that it was to judge. */
  findings: 4,
  /** As shells report a process that was interrupted (128 + 2), terminated (128 + 15), or whose reader has gone. */
  interrupted: 130,
  readerGone: 141,
  terminated: 143
} as const

const codes: { readonly [tag in FailureTag]: number } = {
  InvalidInput: 10,
  LimitExceeded: 11,
  UnknownClaim: 12,
  Contended: 13,
  AppendUnknown: 14,
  StoreBusy: 15,
  StoreFull: 16,
  StoreReadOnly: 17,
  StoreUnavailable: 18,
  StoreTimeout: 19,
  AccessDenied: 20,
  NotAStore: 21,
  UnsupportedVersion: 22,
  CorruptStream: 23,
  ImportRefused: 24,
  Aborted: 25,
  Overloaded: 26
}

/** The exit code of a failure: one for each tag, for good. */
export const exitCodeOf = (tag: FailureTag): number => codes[tag]

/**
 * With `--exit-code`: the codes of the answers of `reserve`. A takeover is none that `&&` goes on with: an earlier holder may
 * have acted.
 */
export const answerCodes = {
  reserved: 0,
  duplicate: 20,
  inFlight: 21,
  conflict: 22,
  inDoubt: 23,
  gone: 24,
  takeover: 25
} as const

/** How far the codes of failures from 20 on go out of the way of the codes of answers. */
const outOfTheWay = 20

/**
 * The exit code of a failure where answers have codes too, with `--exit-code`: a store that refuses this user (20) must
 * not read as a duplicate.
 */
export const besideAnswers = (code: number): number => (code >= 20 && code < 30 ? code + outOfTheWay : code)
