import * as E from 'fp-ts/Either'
import type { AppendFailure, StoreError } from '../../../application/ports/event-store.ts'
import type { FilesInUse } from '../log-guard.ts'
import type { SqliteStoreOptions } from '../options.ts'
import type { PackedAppend } from '../packed-append.ts'
import type { GroupResult } from '../write-group.ts'
import { lastOf } from '../writer.ts'

// What goes between the threads: numbers, bytes and texts alone, so that all of it can be cloned.

/** What a writer thread is started with. */
export type ThreadStart = Required<Pick<SqliteStoreOptions, 'synchronous' | 'busyTimeoutMs'>> & {
  /** Absolute. */
  readonly path: string
  /** Its connection must have opened these. */
  readonly inUse: FilesInUse
}

/** A group of appends, packed into two blocks: a message of many small parts costs more than all that is in them. */
export type GroupMessage = {
  readonly numbers: Float64Array<ArrayBuffer>
  readonly bytes: Uint8Array<ArrayBuffer>
  /** How long it may wait for the lock of another process, ms. */
  readonly waitMs: number
  /** The last position that the caller's thread knows of. */
  readonly known: number
}

/** An error whose cause is a text: errors lose their codes on the way. */
type Told = { readonly error: StoreError; readonly cause?: { readonly message: string; readonly code: string } }

/** What the thread says first: it waits for groups, or could not open the file. */
export type Readiness = { readonly _tag: 'Ready' } | { readonly _tag: 'NotReady'; readonly told: Told }

/** What became of a transaction that came about. */
export type Ended =
  /** Nothing is written, or nobody knows. */
  | { readonly _tag: 'Failed'; readonly how: 'NotWritten' | 'OutcomeUnknown'; readonly told: Told }
  | {
      readonly _tag: 'Committed'
      /** Those that were not written, by their place in the group. */
      readonly left: ReadonlyArray<readonly [index: number, failure: AppendFailure]>
      /** The last position there is now. */
      readonly known: number
      /** What COMMIT took, ms. */
      readonly commitMs: number
    }

/** The answer to a group. */
export type Reply =
  | Ended
  /** No transaction came about. */
  | { readonly _tag: 'Refused'; readonly told: Told }

export const toldOf = ({ cause, ...error }: StoreError): Told => ({
  error,
  ...(cause instanceof Error && {
    cause: { message: cause.message, code: 'code' in cause ? String(cause.code) : '' }
  })
})

export const errorOf = ({ error, cause }: Told): StoreError =>
  cause === undefined ? error : { ...error, cause: Object.assign(new Error(cause.message), { code: cause.code }) }

/** So many numbers tell of an append, and so many of each of its events. */
const [ofAppend, ofEvent] = [5, 2]

export const groupMessage = (group: ReadonlyArray<PackedAppend>, waitMs: number, known: number): GroupMessage => {
  let [count, size] = [0, 0]
  for (const { name, events } of group) {
    count += ofAppend + ofEvent * events.length
    size += name.length
    for (const { body } of events) size += body.length
  }
  const numbers = new Float64Array(count)
  const bytes = new Uint8Array(size)
  let [at, end] = [0, 0]
  const put = (part: Buffer): number => {
    bytes.set(part, end)
    end += part.length
    return part.length
  }
  for (const append of group) {
    numbers[at++] = append.isNew ? 1 : 0
    numbers[at++] = append.first
    numbers[at++] = append.at
    numbers[at++] = put(append.name)
    numbers[at++] = append.events.length
    for (const { type, body } of append.events) {
      numbers[at++] = type
      numbers[at++] = put(body)
    }
  }
  return { numbers, bytes, waitMs, known }
}

/** The group as it was packed: its bytes are parts of the message's. */
export const groupOf = ({ numbers, bytes }: GroupMessage): ReadonlyArray<PackedAppend> => {
  let [at, end] = [0, 0]
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const next = (): number => numbers[at++] ?? 0
  const part = (): Buffer => {
    const from = end
    end += next()
    return all.subarray(from, end)
  }
  const group: Array<PackedAppend> = []
  while (at < numbers.length) {
    const [isNew, first, recordedAt, name] = [next() === 1, next(), next(), part()]
    const events = Array.from({ length: next() }, () => ({ type: next(), body: part() }))
    group.push({ name, isNew, first, at: recordedAt, events })
  }
  return group
}

export const resultOf = (group: ReadonlyArray<PackedAppend>, ended: Ended): GroupResult => {
  if (ended._tag === 'Failed') return E.left({ _tag: ended.how, error: errorOf(ended.told) })
  const left = new Map(ended.left)
  return E.right(
    group.map((append, index) => {
      const failed = left.get(index)
      return failed === undefined ? E.right(lastOf(append)) : E.left(failed)
    })
  )
}
