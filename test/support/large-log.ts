import { createHash } from 'node:crypto'
import { packed } from '../../src/adapters/sqlite/codec/event-body.ts'
import { streamName } from '../../src/adapters/sqlite/codec/stream-name.ts'
import { connect } from '../../src/adapters/sqlite/connection.ts'
import type { ProposedEvent } from '../../src/application/ports/event-store.ts'
import { recordId } from '../../src/composition/hashing.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { collectGarbage } from './collect-garbage.ts'
import { chained, type Unchained } from './hash-chain.ts'

const begunAt = 1_767_225_600_000

/** How many keys are at work at the same time. */
const atOnce = 1000

const hex = (text: string): string => createHash('sha256').update(text).digest('hex')

const tenant = { orgId: 'acme', workspaceId: 'shop', source: 'explicit' }

const idOf = (n: number): string => recordId(tenant, 'payment.charge', `order-${n}`)

/** What becomes of a key: it is reserved, seen again, and completed. */
const storyOf = (n: number, noteLength: number): ReadonlyArray<Unchained> => {
  const claimHash = hex(`claim ${n}`)
  const atMs = begunAt + n
  return [
    {
      type: 'Reserved',
      data: {
        atMs,
        recordId: idOf(n),
        tenant,
        operation: 'payment.charge',
        key: `order-${n}`,
        owner: 'web-1',
        requestFingerprint: `sha256:${hex(`body ${n}`)}`,
        leaseExpiresAtMs: atMs + 30_000,
        epoch: 1,
        claimHash
      },
      metadata: { schemaVersion: 2 }
    },
    { type: 'DuplicateSeen', data: { atMs, firstAtMs: atMs, count: 1, owners: ['web-2'] } },
    {
      type: 'Completed',
      data: {
        atMs,
        epoch: 1,
        claimHash,
        outcome: { outcomeKind: 'charged', completedAtMs: atMs, details: { note: 'n'.repeat(noteLength) } }
      },
      metadata: { schemaVersion: 2 }
    }
  ]
}

/**
 * Fills a new SQLite store with a sound log of so many events (a multiple of 3,000), a thousand keys at a time. The last
 * event of each key holds a note of so many characters.
 */
export const fillLargeStore = async (file: string, events: number, noteLength = 100): Promise<void> => {
  await (await openSqliteStore({ file })).dispose()
  const connection = connect(file)
  const insert = connection.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)')
  let position = 0
  for (let from = 0; position < events; from += atOnce) {
    connection.exec('BEGIN')
    const streams: Array<{ stream: string; first: number; story: ReadonlyArray<ProposedEvent> }> = []
    for (let n = from; n < from + atOnce; n++) {
      const stream = `idempotency-${idOf(n)}`
      streams.push({ stream, first: 0, story: chained(stream, storyOf(n, noteLength)) })
    }
    for (const revision of [0, 1, 2]) {
      for (const one of streams) {
        const event = one.story[revision]
        if (event === undefined) continue
        position++
        if (revision === 0) one.first = position
        const { type, body } = packed(event, one.stream, revision === 0)
        const name = revision === 0 ? streamName(one.stream) : null
        insert.run([position, one.first, revision, name, type, begunAt + position, body])
      }
    }
    connection.exec('COMMIT')
  }
  connection.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  connection.close()
  await collectGarbage()
}
