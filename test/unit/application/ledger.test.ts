import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/adapters/memory/event-store.ts'
import { createLedger } from '../../../src/composition/ledger.ts'

const tenant = { orgId: 'o', workspaceId: 'w' } as const
const request = { tenant, operation: 'op', key: 'k', owner: 'me', requestFingerprint: 'fp', lease: 1000, nowMs: 1000 }

describe('a ledger on the memory store', () => {
  it('reserves, dedupes, completes, replays', async () => {
    const ledger = createLedger({ store: memoryStore() })
    const first = await ledger.reserve(request)
    expect(first._tag).toBe('Reserved')
    if (first._tag !== 'Reserved') return
    const second = await ledger.reserve({ ...request, nowMs: 1001 })
    expect(second._tag).toBe('Duplicate')
    const done = await ledger.complete({ claim: first.claim, outcome: { outcomeKind: 'ok' }, nowMs: 1002 })
    expect(done._tag).toBe('Completed')
    const replay = await ledger.reserve({ ...request, nowMs: 1003 })
    expect(replay).toMatchObject({
      _tag: 'Duplicate',
      record: { outcome: { outcomeKind: 'ok', details: null }, duplicateCount: 2 }
    })
    expect((await ledger.history(request)).map(({ type }) => type)).toEqual([
      'Reserved',
      'DuplicateSeen',
      'Completed',
      'DuplicateSeen'
    ])
  })
  it('survives 200 duplicates at once in few writes', async () => {
    const store = memoryStore()
    const ledger = createLedger({ store })
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) => ledger.reserve({ ...request, nowMs: 1000 + (i % 5) }))
    )
    expect(answers.filter(({ _tag }) => _tag === 'Reserved')).toHaveLength(1)
    expect((await ledger.history(request)).length).toBeLessThan(4)
    expect(await ledger.get(request)).toMatchObject({ duplicateCount: 199 })
  })
})
