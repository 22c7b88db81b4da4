import type { StoreError } from '../../application/ports/event-store.ts'
import { type FailureTag, failure } from '../../domain/failure.ts'

const busy = 5
const locked = 6
const readOnly = 8
const corrupt = 11
const cannotOpen = 14
const protocol = 15
const notNullConstraint = 1299
const uniqueConstraint = 2067

/** By SQLite's primary result code (https://sqlite.org/rescode.html). Any other one is `StoreUnavailable`. */
const kinds: ReadonlyMap<number, readonly [FailureTag, string]> = new Map([
  [3, ['StoreReadOnly', 'the file cannot be written to']],
  [busy, ['StoreBusy', 'another process holds the file locked']],
  [locked, ['StoreBusy', 'another process holds the file locked']],
  [readOnly, ['StoreReadOnly', 'the file cannot be written to']],
  [corrupt, ['NotAStore', 'the file is damaged']],
  [13, ['StoreFull', 'the disk is full']],
  [cannotOpen, ['StoreUnavailable', 'the file cannot be opened']],
  [protocol, ['StoreBusy', 'another process holds the file locked']],
  [23, ['AccessDenied', 'access to the file is denied']],
  [24, ['NotAStore', 'the file is no SQLite database']],
  [26, ['NotAStore', 'the file is no SQLite database']]
])

/** A connection that cannot be made is told by the driver in words, which end with the code. */
const inWords = /^ConnectionFailed\(.*: (\d+)"\)$/s

/** SQLite's own number, an extended code where there is one. */
const numberOf = (cause: unknown): number | undefined => {
  if (typeof cause !== 'object' || cause === null) return undefined
  if ('rawCode' in cause && typeof cause.rawCode === 'number') return cause.rawCode
  const [, code] = ('message' in cause && inWords.exec(String(cause.message))) || []
  return code === undefined ? undefined : Number(code)
}

/** Extended codes carry their primary one in the low byte. */
const primaryOf = (cause: unknown): number | undefined => {
  const number = numberOf(cause)
  return number === undefined ? undefined : number & 0xff
}

const nameOf = (cause: unknown): string => {
  const named = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : ''
  // the driver does not know all names
  return named.startsWith('SQLITE_') ? named : `SQLite's code ${numberOf(cause)}`
}

export const isBusy = (cause: unknown): boolean => [busy, locked, protocol].includes(primaryOf(cause) ?? 0)

export const isReadOnly = (cause: unknown): boolean => primaryOf(cause) === readOnly

export const isCorrupt = (cause: unknown): boolean => primaryOf(cause) === corrupt

export const isCannotOpen = (cause: unknown): boolean => primaryOf(cause) === cannotOpen

/** Whether a row was refused for its revision: there is one already, or none before it (where `writer` makes it NULL). */
export const isOutOfPlace = (cause: unknown): boolean => {
  const number = numberOf(cause)
  if (number === uniqueConstraint) return true
  return number === notNullConstraint && cause instanceof Error && cause.message.includes('events.first')
}

/** Every error of the driver as a store error, by its code. */
export const toStoreError = (cause: unknown): StoreError => {
  const primary = primaryOf(cause)
  const [tag, message] = kinds.get(primary ?? 0) ?? (['StoreUnavailable', 'SQLite failed'] as const)
  return failure(tag, primary === undefined ? message : `${message} (${nameOf(cause)})`, { cause })
}
