import { readFileSync, writeFileSync } from 'node:fs'
import * as E from 'fp-ts/Either'
import { memoryStore } from '../../src/adapters/memory/event-store.ts'
import { packed } from '../../src/adapters/sqlite/codec/event-body.ts'
import { streamName } from '../../src/adapters/sqlite/codec/stream-name.ts'
import { sqliteStoreBy } from '../../src/adapters/sqlite/event-store.ts'
import type { EventStore, ProposedEvent, RecordedEvent } from '../../src/application/ports/event-store.ts'
import { createLedger } from '../../src/composition/ledger.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { connectAround, sqliteError } from './connect-around.ts'
import { executed } from './frozen-files.ts'
import { chained } from './hash-chain.ts'
import { asking, claimOf, done, streamOf } from './scripted-ledger.ts'
import { temporaryFile } from './temporary-file.ts'

export type Log = ReadonlyArray<RecordedEvent>

/** When the first event of the log was recorded; each command comes ten seconds after the one before it. */
export const begunAt = 1_767_225_600_000

/**
 * A log of three keys: `a` was seen so often that its revision 63 has a snapshot; `k` was reserved, renewed, in conflict,
 * completed and seen again; `t` was taken over.
 */
export const soundLog = async (): Promise<Log> => {
  let now = begunAt
  const store = memoryStore({ now: () => now })
  const ledger = createLedger({ store, clock: () => now })
  const later = <A>(answer: A): A => {
    now += 10_000
    return answer
  }
  later(await ledger.reserve(asking({ key: 'a', lease: 'none' })))
  const claim = later(claimOf(await ledger.reserve(asking({ lease: 60_000 }))))
  later(await ledger.reserve(asking({ key: 't' })))
  later(await ledger.renew({ claim, leaseMs: 90_000, actor: 'me' }))
  for (let again = 0; again < 35; again++) later(await ledger.reserve(asking({ key: 'a' })))
  later(await ledger.reserve(asking({ requestFingerprint: 'other' })))
  later(await ledger.complete({ claim, outcome: done }))
  for (let again = 0; again < 35; again++) later(await ledger.reserve(asking({ key: 'a' })))
  later(await ledger.reserve(asking({ owner: 'you' })))
  later(await ledger.reserve(asking({ key: 't' })))
  const read = await store.readAll('start', 'idempotency-idem_', 1000)()
  if (E.isLeft(read)) throw new Error(read.left.message)
  return read.right.events
}

/** When the log ends. */
export const endedAt = begunAt + 800_000

const isOf =
  (key: string, revision?: number) =>
  (event: RecordedEvent): boolean =>
    event.stream === streamOf(key) && (revision === undefined || event.revision === BigInt(revision))

export const eventOf = (log: Log, key: string, revision: number): RecordedEvent => {
  const found = log.find(isOf(key, revision))
  if (found === undefined) throw new Error(`no revision ${revision} of ${key}`)
  return found
}

/** Events, one of which is as somebody made it. */
export const changed = (
  log: Log,
  key: string,
  revision: number,
  change: (event: RecordedEvent) => Partial<RecordedEvent>
): Log => log.map((event) => (isOf(key, revision)(event) ? { ...event, ...change(event) } : event))

export const without = (log: Log, key: string, revision: number): Log =>
  log.filter((event) => !isOf(key, revision)(event))

/** An event more in a stream, with a place in the log behind the one before it; those behind it make room. */
export const inserted = (log: Log, key: string, revision: number, event: ProposedEvent): Log => {
  const at = log.findIndex(isOf(key, revision - 1)) + 1
  const before = log[at - 1]
  if (before === undefined) throw new Error('nothing is before it')
  const own: RecordedEvent = { ...before, ...event, revision: BigInt(revision) }
  const rest = log
    .slice(at)
    .map((later) =>
      later.stream === own.stream && later.revision >= own.revision
        ? { ...later, revision: later.revision + 1n }
        : later
    )
  return [...log.slice(0, at), own, ...rest].map((one, index) => ({ ...one, position: String(index + 1) }))
}

/** An event as somebody who knows how to hash would forge it, behind another of its stream. */
export const forged = (log: Log, key: string, revision: number, type: string, data: unknown) => {
  const before = revision === 0 ? undefined : eventOf(log, key, revision - 1)
  const [made] = chained(streamOf(key), [{ type, data }], before)
  if (made === undefined) throw new Error('nothing was forged')
  return made
}

/** A stream that was hashed anew from a revision on, after a change there: as one who may write to the store can do. */
export const rehashed = (
  log: Log,
  key: string,
  revision: number,
  change: (event: { data: unknown; metadata: object }) => { data?: unknown; metadata?: object; type?: string }
): Log => {
  let before = revision === 0 ? undefined : eventOf(log, key, revision - 1)
  return log.map((event) => {
    if (!isOf(key)(event) || event.revision < BigInt(revision)) return event
    const { hash: _, previousHash: __, ...metadata } = JSON.parse(event.metadata)
    const data: unknown = JSON.parse(event.data)
    const over = event.revision === BigInt(revision) ? change({ data, metadata }) : {}
    const [made] = chained(event.stream, [{ type: event.type, id: event.id, data, metadata, ...over }], before)
    before = { ...event, ...made }
    return before
  })
}

const schema1 = (): string => readFileSync('test/fixtures/sqlite-store/schema.v1.sql', 'utf8').split('INSERT')[0] ?? ''

const quotedSql = (text: string): string => `'${text.replaceAll("'", "''")}'`

const rowOf1 = ({ position, stream, revision, id, type, data, metadata, recordedAtMs }: RecordedEvent): string =>
  `INSERT INTO events VALUES (${position}, ${[stream].map(quotedSql)}, ${revision}, ${[id, type, data, metadata].map(quotedSql).join(', ')}, ${recordedAtMs})`

/** Where the first event of each stream stood, also where it is gone. */
const firstsIn = (sound: Log): ReadonlyMap<string, string> =>
  new Map(sound.filter(({ revision }) => revision === 0n).map(({ stream, position }) => [stream, position]))

const rowOf2 = (firsts: ReadonlyMap<string, string>) => (event: RecordedEvent) => {
  const { position, stream, revision, recordedAtMs } = event
  const isFirst = revision === 0n
  const { type, body } = packed(event, stream, isFirst)
  const first = isFirst ? position : firsts.get(stream)
  const name = isFirst ? `x'${streamName(stream).toString('hex')}'` : 'NULL'
  return `INSERT INTO events VALUES (${position}, ${first}, ${revision}, ${name}, ${type}, ${recordedAtMs}, x'${body.toString('hex')}')`
}

let empty: Uint8Array | undefined

/** A file of schema 2 without events: made once, since its store is closed by a collection of all that is in memory. */
const emptySchema2File = async (file: string): Promise<void> => {
  if (empty !== undefined) return writeFileSync(file, empty)
  await (await openSqliteStore({ file })).dispose()
  empty = readFileSync(file)
}

/** A file of schema 2 that holds these events. */
export const schema2File = async (log: Log, sound: Log, more = ''): Promise<string> => {
  const file = temporaryFile('store.db')
  await emptySchema2File(file)
  const rows = log.map(rowOf2(new Map([...firstsIn(sound), ...firstsIn(log)])))
  executed(file, `BEGIN; ${rows.join(';')}; ${more}; COMMIT; PRAGMA wal_checkpoint(TRUNCATE)`)
  return file
}

/** A file of schema 1 that holds these events. */
export const schema1File = async (log: Log): Promise<string> => {
  const file = temporaryFile('store.db')
  executed(file, `${schema1()}; BEGIN; ${log.map(rowOf1).join(';')}; COMMIT; PRAGMA wal_checkpoint(TRUNCATE)`)
  return file
}

/** A file as somebody opens it who may not write: one of schema 1 stays what it is. */
export const readOnlyStore = async (file: string): Promise<EventStore> => {
  const connect = connectAround((sql, call) => {
    if (sql === 'BEGIN IMMEDIATE') throw sqliteError('SQLITE_READONLY', 8)
    return call()
  })
  const opened = await sqliteStoreBy(connect)({ file })()
  if (E.isLeft(opened)) throw new Error(`${opened.left._tag}: ${opened.left.message}`)
  return opened.right
}
