import type { StoreError } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'

/** The driver's code, `SQLITE_BUSY` for example; extended codes begin with their primary one. */
const codeOf = (cause: unknown): string => {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return ''
  return typeof cause.code === 'string' ? cause.code : ''
}

export const isBusy = (cause: unknown): boolean => /^SQLITE_(BUSY|LOCKED)/.test(codeOf(cause))

export const isConstraint = (cause: unknown): boolean => codeOf(cause).startsWith('SQLITE_CONSTRAINT')

const kinds: ReadonlyArray<readonly [RegExp, StoreError['_tag'], string]> = [
  [/^SQLITE_(BUSY|LOCKED)/, 'StoreBusy', 'another process holds the file locked'],
  [/^SQLITE_FULL/, 'StoreFull', 'the disk is full'],
  [/^SQLITE_(READONLY|PERM)/, 'StoreReadOnly', 'the file cannot be written to'],
  [/^SQLITE_(NOTADB|CORRUPT)/, 'NotAStore', 'the file is no SQLite database, or is damaged'],
  [/^SQLITE_AUTH/, 'AccessDenied', 'access to the file is denied'],
  [/^SQLITE_CANTOPEN/, 'StoreUnavailable', 'the file cannot be opened; does its folder exist?']
]

/** Every error of the driver as a store error, by its code. */
export const toStoreError = (cause: unknown): StoreError => {
  const code = codeOf(cause)
  const [, tag, message] = kinds.find(([form]) => form.test(code)) ?? [undefined, 'StoreUnavailable', 'SQLite failed']
  return failure(tag as StoreError['_tag'], code === '' ? message : `${message} (${code})`, { cause })
}
