import { readdirSync, readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import type { RecordedEvent } from '../../../src/application/ports/event-store.ts'
import { createLedger, decodeRecorded, type HistoryEntry, KeyfoldError, streamPrefix } from '../../../src/index.ts'
import { openMemoryStore } from '../../../src/memory.ts'
import { chained, type Unchained } from '../../support/hash-chain.ts'
import { asking, done, granted, keyOf, streamOf } from '../../support/scripted-ledger.ts'

const recordedAs = (event: Unchained, over: Partial<RecordedEvent> = {}): RecordedEvent => {
  const [chain] = chained(streamOf(), [event])
  if (chain === undefined) return expect.unreachable()
  return { ...chain, stream: streamOf(), revision: 0n, position: '1', recordedAtMs: 7, ...over }
}

const renewal = { atMs: 1, epoch: 1, claimHash: 'a'.repeat(64), leaseExpiresAtMs: 2 }

const entryIn = (decoded: E.Either<unknown, HistoryEntry>): HistoryEntry => {
  if (E.isLeft(decoded)) throw new Error(JSON.stringify(decoded.left))
  return decoded.right
}

describe('a recorded event, decoded for a projection', () => {
  it('is the entry that the key’s history has', async () => {
    const store = await openMemoryStore({ now: () => 7 })
    const ledger = createLedger({ store })
    const { claim } = granted(await ledger.reserve(asking({ actor: 'web', correlationId: 'c', causationId: 'e' })))
    await ledger.complete({ claim, outcome: done })
    const read = await store.readAll('start', streamPrefix(), 10)()
    const entries = E.isRight(read) ? read.right.events.map(decodeRecorded).map(entryIn) : []
    expect(JSON.parse(JSON.stringify(entries))).toEqual(JSON.parse(JSON.stringify(await ledger.history(keyOf()))))
    expect(entries).toMatchObject([
      { type: 'Reserved', revision: 0n, actor: 'web', correlationId: 'c', causationId: 'e', recordedAtMs: 7 },
      { type: 'Completed', revision: 1n, schemaVersion: 2 }
    ])
  })
  it('is of the newest version, whichever wrote it', () => {
    const folder = new URL('../../fixtures/stored-events/', import.meta.url)
    const names = readdirSync(folder).filter((name) => name.endsWith('.v1.json'))
    expect(names.length).toBeGreaterThan(8)
    for (const name of names) {
      const fixture = JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
      const entry = entryIn(
        decodeRecorded({ ...fixture, revision: BigInt(fixture.revision), position: '0', recordedAtMs: 0 })
      )
      expect(JSON.stringify(entry), name).not.toContain('claimId')
      expect(entry.schemaVersion).toBe(JSON.parse(fixture.metadata).schemaVersion)
    }
  })
  it.each<readonly [string, RecordedEvent, string]>([
    [
      'its data were changed',
      { ...recordedAs({ type: 'LeaseRenewed', data: renewal, metadata: { schemaVersion: 2 } }), data: '{}' },
      'CorruptStream'
    ],
    [
      'a newer keyfold wrote it',
      recordedAs({ type: 'LeaseRenewed', data: renewal, metadata: { schemaVersion: 9 } }),
      'UnsupportedVersion'
    ],
    ['it is of another application', recordedAs({ type: 'OrderPlaced', data: {} }), 'CorruptStream'],
    [
      'its actor is no text',
      recordedAs({ type: 'LeaseRenewed', data: renewal, metadata: { schemaVersion: 2, actor: 7 } }),
      'CorruptStream'
    ],
    [
      'its data nest without end',
      recordedAs({ type: 'LeaseRenewed', data: JSON.parse('['.repeat(4000) + ']'.repeat(4000)) }),
      'CorruptStream'
    ],
    [
      'its stream has a name without end',
      recordedAs({ type: 'x', data: {} }, { stream: 'x'.repeat(1_000_000) }),
      'CorruptStream'
    ]
  ])('is told from what it is not, in few words: %s', (_, recorded, tag) => {
    const decoded = decodeRecorded(recorded)
    expect(decoded).toMatchObject({ _tag: 'Left', left: { _tag: tag } })
    if (E.isLeft(decoded)) expect(decoded.left.message.length).toBeLessThan(600)
  })
  it('has in its envelope what the store says, whatever its metadata call themselves', () => {
    const metadata = {
      schemaVersion: 2,
      stream: 'mine',
      revision: 9,
      position: 'p',
      recordedAtMs: 1,
      type: 'Expired',
      id: 'i',
      data: {}
    }
    const recorded = recordedAs({ type: 'LeaseRenewed', data: renewal, metadata })
    expect(entryIn(decodeRecorded(recorded))).toMatchObject({
      type: 'LeaseRenewed',
      data: renewal,
      id: recorded.id,
      stream: streamOf(),
      revision: 0n,
      position: '1',
      recordedAtMs: 7
    })
  })
  it('never throws, whatever it is handed', () => {
    const sound = recordedAs({ type: 'LeaseRenewed', data: renewal, metadata: { schemaVersion: 2 } })
    for (const other of [undefined, null, 7, 'event', [], {}, { ...sound, revision: 0 }, { ...sound, metadata: {} }]) {
      expect(decodeRecorded(other as RecordedEvent)).toMatchObject({
        _tag: 'Left',
        left: { _tag: 'InvalidInput', path: '$' }
      })
    }
    const throwing = Object.defineProperty({ ...sound }, 'data', {
      get: () => {
        throw new Error('no')
      }
    })
    expect(decodeRecorded(throwing)).toMatchObject({ _tag: 'Left', left: { _tag: 'InvalidInput', path: '$' } })
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(sound)), fc.anything({ withBigInt: true }), (name, value) => {
        expect(decodeRecorded({ ...sound, [name]: value } as RecordedEvent)._tag).toMatch(/^(?:Left|Right)$/)
      })
    )
  })
})

describe('the prefix of a category’s streams', () => {
  it('is that of the streams which a ledger of the category writes', async () => {
    for (const category of [undefined, 'payments.v2']) {
      const store = await openMemoryStore()
      const ledger = createLedger({ store, category })
      await ledger.reserve(asking())
      const [entry] = await ledger.history(keyOf())
      expect(entry?.stream.startsWith(streamPrefix(category))).toBe(true)
    }
  })
  it.each(['', 'a-b', '$all', 'ä', null, 7])(
    'is none for what is no category, under which nothing would be found: %j',
    (category) => {
      const asked = (): unknown => streamPrefix(category as string)
      expect(asked).toThrow(KeyfoldError)
      expect(asked).toThrow(
        expect.objectContaining({ tag: 'InvalidInput', failure: expect.objectContaining({ path: '$.category' }) })
      )
    }
  )
})
