import { readdirSync, readFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/adapters/memory/event-store.ts'
import type { EventStore, RecordedEvent } from '../../../src/application/ports/event-store.ts'
import { createLedger, type Ledger } from '../../../src/composition/ledger.ts'

type Fixture = Pick<RecordedEvent, 'id' | 'type' | 'data' | 'metadata' | 'stream'> & { readonly revision: string }

const folder = new URL('../../fixtures/stored-events/', import.meta.url)

/** A stream as keyfold wrote it when claims were stored as they are: its third holder is at work. */
const older: ReadonlyArray<Fixture> = readdirSync(folder)
  .filter((name) => name.endsWith('.v1.json') && !name.startsWith('with-snapshot'))
  .map((name): Fixture => JSON.parse(readFileSync(new URL(name, folder), 'utf8')))
  .sort((a, b) => Number(a.revision) - Number(b.revision))

const stream = older[0]?.stream ?? ''
const recordId = stream.slice(stream.indexOf('-') + 1)
const third = { recordId, epoch: 3, claimId: '33333333-3333-4333-8333-333333333333' }
const first = { recordId, epoch: 1, claimId: '11111111-1111-4111-8111-111111111111' }
const outcome = { outcomeKind: 'done', completedAtMs: 1700000008000 }

describe('a claim that was given by a build that stored it as it is', () => {
  let store: EventStore
  let ledger: Ledger
  beforeEach(async () => {
    store = memoryStore()
    await store.append({ stream, expected: { _tag: 'NoStream' }, events: older })()
    ledger = createLedger({ store })
  })

  const lastStored = async (): Promise<RecordedEvent | undefined> => {
    const read = await store.readStream(stream, 'backwards', 'end', 1)()
    return read._tag === 'Right' ? read.right[0] : undefined
  }

  it('still completes, and what is written of it is its hash', async () => {
    expect(await ledger.complete({ claim: third, outcome })).toMatchObject({ _tag: 'Completed', record: { epoch: 3 } })
    const { type, data, metadata } = (await lastStored()) ?? {}
    expect(type).toBe('Completed')
    expect(JSON.parse(metadata ?? '').schemaVersion).toBe(2)
    expect(`${data}${metadata}`).not.toContain(third.claimId)
    expect(await ledger.complete({ claim: third, outcome })).toMatchObject({ _tag: 'Completed' })
  })
  it('still renews, releases, and is retried as one’s own reserve', async () => {
    expect(await ledger.renew({ claim: third, leaseMs: 9 })).toMatchObject({ _tag: 'Renewed' })
    const { tenant, operation, key, owner, requestFingerprint } = JSON.parse(older.at(-1)?.data ?? '')
    const request = {
      tenant,
      operation,
      key,
      owner,
      requestFingerprint,
      lease: 'none',
      claimId: third.claimId
    } as const
    expect(await ledger.reserve(request)).toMatchObject({ _tag: 'Reserved', claim: third, takeover: false })
    expect(await ledger.release({ claim: third })).toMatchObject({ _tag: 'Released' })
  })
  it('is known to be over where it is, and its rejected completion is not recorded twice', async () => {
    expect(await ledger.renew({ claim: first, leaseMs: 9 })).toMatchObject({ _tag: 'ClaimLost' })
    const rejected = JSON.parse(older.find(({ type }) => type === 'CompletionRejected')?.data ?? '')
    const before = (await lastStored())?.revision
    expect(await ledger.complete({ claim: first, outcome: rejected.outcome })).toMatchObject({ _tag: 'ClaimLost' })
    expect((await lastStored())?.revision).toBe(before)
  })
  it('is not what its hash is: who read the store cannot complete', async () => {
    await ledger.renew({ claim: third, leaseMs: 9 })
    const { claimHash } = JSON.parse((await lastStored())?.data ?? '')
    expect(claimHash).toMatch(/^[0-9a-f]{64}$/)
    const stolen = { ...third, claimId: claimHash }
    await expect(ledger.complete({ claim: stolen, outcome })).rejects.toMatchObject({ tag: 'UnknownClaim' })
  })
})
