import { accessSync, constants, type Stats, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { StoreError } from '../../application/ports/event-store.ts'
import { type FailureTag, failure } from '../../domain/failure.ts'

/** No SQLite database is smaller than its smallest page. */
const leastBytes = 512

const statOf = (path: string): Stats | undefined | StoreError => {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (cause) {
    const tag: FailureTag =
      cause instanceof Error && 'code' in cause && cause.code === 'EACCES' ? 'AccessDenied' : 'StoreUnavailable'
    return failure(tag, 'the path cannot be followed to a file', { cause })
  }
}

const may = (path: string, mode: number): boolean => {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}

/**
 * What a path leads to, before anything is opened: a file, nothing yet, or what can be no store. SQLite would take a
 * file of a single byte for an empty one, and write over it.
 */
export const lookAt = (path: string): 'file' | 'nothing' | StoreError => {
  const found = statOf(path)
  if (found === undefined) return 'nothing'
  if ('_tag' in found) return found
  if (found.isDirectory()) return failure('NotAStore', 'it is a folder, not a file')
  if (!found.isFile()) return failure('NotAStore', 'it is not a regular file')
  if (found.size === 0) return 'nothing'
  return found.size < leastBytes ? failure('NotAStore', 'the file is no SQLite database') : 'file'
}

/** Why a file could not be opened, which SQLite does not tell. */
export const whyNotOpened = (path: string, cause: unknown): StoreError => {
  const because = (tag: FailureTag, message: string): StoreError => failure(tag, message, { cause })
  const folder = dirname(path)
  if (!may(folder, constants.F_OK)) return because('StoreUnavailable', 'its folder does not exist')
  if (may(path, constants.F_OK)) {
    if (!may(path, constants.R_OK)) return because('AccessDenied', 'this user may not read the file')
    if (!may(folder, constants.W_OK)) {
      return because('StoreReadOnly', 'its folder cannot be written to, which SQLite needs even for reading')
    }
  } else if (!may(folder, constants.W_OK)) {
    return because('StoreReadOnly', 'there is no file yet, and its folder cannot be written to')
  }
  return because('StoreUnavailable', 'the file cannot be opened')
}
