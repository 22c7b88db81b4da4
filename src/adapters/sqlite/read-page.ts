import * as E from 'fp-ts/Either'
import type { LogPage, RecordedEvent, UnreadableEvent } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'
import { toPosition } from '../common/numbered-position.ts'
import type { Connection, Statement } from './connection.ts'
import { type FileSchema, revisionIndex } from './file-schema.ts'
import { indexWindow } from './index-window.ts'
import { pageAtOnce } from './page-at-once.ts'
import { isCount } from './row.ts'
import { isCorrupt } from './to-store-error.ts'

/** The most events that one page looks at: where few are of the prefix, others get their turn all the same. */
const maxScanned = 10_000

/** About how much one page holds, bytes; one event always fits. */
const maxPageBytes = 16 * 1024 * 1024

const range = 'position > ?1 AND position <= ?2'

type Found =
  | { readonly _tag: 'Event'; readonly event: RecordedEvent }
  | { readonly _tag: 'Unreadable'; readonly unreadable: UnreadableEvent }
  /** Positions whose place in the file is damaged. */
  | { readonly _tag: 'Lost'; readonly first: number; readonly last: number; readonly cause: unknown }

/** What was found after a position, up to another. */
type Scanned = { readonly found: ReadonlyArray<Found>; readonly upTo: number }

const lost = ({ first, last, cause }: Extract<Found, { _tag: 'Lost' }>): UnreadableEvent => {
  const where = first === last ? `position ${first}` : `positions ${first} to ${last}`
  const message = `what lies at ${where} of the file cannot be read: the file is damaged there`
  return { position: String(last), error: failure('CorruptStream', message, { cause }) }
}

/** Neighbours that are lost are told as one. */
const joined = (before: ReadonlyArray<Found>, after: ReadonlyArray<Found>): ReadonlyArray<Found> => {
  const [left, right] = [before.at(-1), after[0]]
  return left?._tag === 'Lost' && right?._tag === 'Lost'
    ? [...before.slice(0, -1), { ...left, last: right.last }, ...after.slice(1)]
    : [...before, ...after]
}

const placeOf = (one: Found): number => {
  if (one._tag === 'Lost') return one.first
  return Number(one._tag === 'Event' ? one.event.position : one.unreadable.position)
}

/** What was found in two ways, in the order of the log: whoever follows it goes on after the first that cannot be read. */
const inOrder = (found: ReadonlyArray<Found>, hidden: ReadonlyArray<Found>): ReadonlyArray<Found> =>
  hidden.length === 0 ? found : [...found, ...hidden].sort((a, b) => placeOf(a) - placeOf(b))

/** How large events are, all together and each with its position. */
type Sizes = { readonly all: Statement; readonly each: Statement }

const sizesOf = (connection: Connection, sql: string): Sizes => ({
  all: connection.prepare(`SELECT total(size) FROM (${sql})`),
  each: connection.prepare(sql)
})

/** Reads pages of the log, within the transaction that is open. */
export const pageReader = (connection: Connection, schema: FileSchema) => {
  const atOnce = pageAtOnce(connection, schema)
  const scan = connection.prepare(schema.scan)
  const sizes = sizesOf(connection, schema.sizes)
  const scannedSizes = sizesOf(connection, `SELECT position, octet_length(bytes) AS size FROM (${schema.scan})`)
  const alone = connection.prepare(schema.alone)
  const count = connection.prepare(`SELECT count(*) FROM events NOT INDEXED WHERE ${range}`)
  const positions = connection.prepare(`SELECT position FROM events NOT INDEXED WHERE ${range}`)
  const indexed = connection.prepare(schema.indexed)
  const head = connection.prepare('SELECT max(position) FROM events')
  const name = connection.prepare(schema.nameAt)
  const nextThere = connection.prepare('SELECT min(position) FROM events NOT INDEXED WHERE position > ?')
  const nextInIndex = connection.prepare(
    `SELECT min(position) FROM events INDEXED BY ${revisionIndex} WHERE position > ?`
  )

  /** The last position there is, as far as can be told. */
  const endOf = (known: number): number => {
    try {
      return Math.max(known, Number(head.row([])?.[0] ?? 0))
    } catch (cause) {
      if (isCorrupt(cause)) return known
      throw cause
    }
  }

  const named = (event: UnreadableEvent): UnreadableEvent => {
    const stream = schema.streamOf(name.row([Number(event.position)])?.[0])
    return stream === undefined ? event : { ...event, stream }
  }

  const found = (row: ReadonlyArray<unknown>): Found => {
    const read = schema.read(row)
    if (E.isLeft(read)) return { _tag: 'Unreadable', unreadable: named(read.left) }
    if (row.at(-1) === 1) return { _tag: 'Event', event: read.right }
    const { position, stream, revision } = read.right
    const message = `revision ${revision}, at position ${position} of the file, cannot be found by its stream: the index is damaged`
    const error = failure('CorruptStream', message)
    return { _tag: 'Unreadable', unreadable: { position, stream, revision, error } }
  }

  /** Where the bytes of a page end, so that what is large comes in small pages. */
  const cut = ({ all, each }: Sizes, from: number, upTo: number, prefix: string, count: number): number => {
    const parameters = [from, upTo, count, ...schema.boundsOf(prefix)]
    if (Number(all.row(parameters)?.[0] ?? 0) <= maxPageBytes) return upTo
    let sum = 0
    let last = 0
    for (const [position, bytes] of each.rows(parameters)) {
      sum += Number(bytes)
      if (last > 0 && sum > maxPageBytes) return last
      last = Number(position)
    }
    return upTo
  }

  const inIndex = indexWindow(connection)

  /**
   * What the index knows of a part of the log and the log does not show: SQLite ends where positions are out of order.
   * No position is left out but where somebody removed a stream, and only there the index is asked.
   */
  const hidden = (from: number, upTo: number, prefix: string): ReadonlyArray<Found> => {
    if (count.row([from, upTo])?.[0] === upTo - from) return []
    const there = new Set(positions.rows([from, upTo]).map(([position]) => position))
    if (inIndex(from, upTo).every((position) => there.has(position))) return []
    return indexed
      .rows([from, upTo, 0, ...schema.boundsOf(prefix)])
      .flatMap(([position, revision, bytes]): ReadonlyArray<Found> => {
        if (there.has(position)) return []
        const error = failure(
          'CorruptStream',
          `an event at position ${position} of the file cannot be found: the file is damaged`
        )
        const stream = schema.streamOf(bytes)
        const known = {
          ...(stream !== undefined && { stream }),
          ...(isCount(revision) && { revision: BigInt(revision) })
        }
        return [{ _tag: 'Unreadable', unreadable: { position: String(position), ...known, error } }]
      })
  }

  const inOne = (from: number, upTo: number, prefix: string, count: number): Scanned => {
    const asked = (end: number) => [from, end, count, ...schema.boundsOf(prefix)]
    const end = cut(sizes, from, upTo, prefix, count)
    const events = atOnce(asked(end))
    if (events !== undefined) {
      const scanned = events.length === count ? Number(events.at(-1)?.position ?? end) : end
      const all = events.map((event): Found => ({ _tag: 'Event', event }))
      return { found: inOrder(all, hidden(from, scanned, prefix)), upTo: scanned }
    }
    // events that commands do not find come with a page, whatever they are of
    const shorter = cut(scannedSizes, from, end, prefix, count)
    const rows = scan.rows(asked(shorter))
    const scanned = rows.length === count ? Number(rows.at(-1)?.[0] ?? shorter) : shorter
    return { found: inOrder(rows.map(found), hidden(from, scanned, prefix)), upTo: scanned }
  }

  /** What lies at a position whose row, or whose way there by its stream, is damaged. */
  const single = (position: number, cause: unknown): ReadonlyArray<Found> => {
    try {
      return alone.rows([position]).map(found)
    } catch (again) {
      if (!isCorrupt(again)) throw again
      return [{ _tag: 'Lost', first: position, last: position, cause }]
    }
  }

  /** What a damaged place keeps from being read as a whole is read in halves: all that is not damaged is found. */
  const inHalves = (from: number, upTo: number, prefix: string, count: number): Scanned => {
    if (from >= upTo) return { found: [], upTo }
    try {
      return inOne(from, upTo, prefix, count)
    } catch (cause) {
      if (!isCorrupt(cause)) throw cause
      if (upTo - from <= 1) return { found: single(upTo, cause), upTo }
    }
    const middle = Math.floor((from + upTo) / 2)
    const left = inHalves(from, middle, prefix, count)
    if (left.upTo < middle || left.found.length >= count) return left
    const right = inHalves(middle, upTo, prefix, count - left.found.length)
    return { found: joined(left.found, right.found), upTo: right.upTo }
  }

  /** The end of a stretch without any event, where it is longer than a page: it is not walked through page by page. */
  const endOfGap = (upTo: number, end: number): number => {
    try {
      const there = Number(nextThere.row([upTo])?.[0] ?? end + 1)
      if (there - upTo <= maxScanned) return upTo
      // the index may know of an event that the table does not show
      return Math.min(end, there - 1, Number(nextInIndex.row([upTo])?.[0] ?? end + 1) - 1)
    } catch (cause) {
      if (isCorrupt(cause)) return upTo
      throw cause
    }
  }

  return (after: number, prefix: string, count: number, known: number): LogPage => {
    const end = endOf(known)
    // up to what was the end: nothing that others write meanwhile is part of this page
    const last = Math.max(after, Math.min(end, after + maxScanned))
    const { found, upTo: scanned } = count > 0 ? inHalves(after, last, prefix, count) : { found: [], upTo: last }
    const upTo = found.length === 0 && scanned < end ? endOfGap(scanned, end) : scanned
    const events = found.flatMap((one) =>
      one._tag === 'Event' && one.event.stream.startsWith(prefix) ? [one.event] : []
    )
    const unreadable = found.flatMap((one) =>
      one._tag === 'Unreadable' ? [one.unreadable] : one._tag === 'Lost' ? [lost(one)] : []
    )
    return { events, ...(unreadable.length > 0 && { unreadable }), next: toPosition(upTo), atEnd: upTo >= end }
  }
}
