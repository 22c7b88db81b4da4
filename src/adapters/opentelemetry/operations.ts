import { ownText } from '../../domain/own-text.ts'
import { trimWhiteSpace } from '../../domain/text.ts'
import { other } from './names.ts'

/** A longer operation is not told apart: it would be most of what is sent. */
const longest = 256

/** What telemetry calls an operation. So many are told apart at most; all others are one. */
export type Operations = {
  /** Of a record: one that the ledger took. */
  readonly ofRecord: (operation: string) => string
  /** Of a request: one that may be anything, and takes up none of the places unless it is `sound`. */
  readonly ofRequest: (operation: string, sound: boolean) => string
}

export const operationsUpTo = (max: number): Operations => {
  const known = new Set<string>()
  const named = (operation: string, isNew: boolean): string => {
    if (known.has(operation)) return operation
    if (!isNew || known.size >= max || operation.length > longest || operation === '') return other
    known.add(ownText(operation))
    return operation
  }
  return {
    ofRecord: (operation) => named(operation, true),
    ofRequest: (operation, sound) => named(trimWhiteSpace(operation), sound)
  }
}
