import { beforeAll, describe, expect, it } from 'vitest'
import { memoryStore } from '../../../../src/adapters/memory/event-store.ts'
import { cliTools } from '../../../../src/composition/cli-tools.ts'
import { createLedger } from '../../../../src/composition/ledger.ts'
import { answerLine } from '../../../support/answer-line.ts'

const tenant = { org_id: 'o', workspace_id: 'w' }
const keyOf = (key: string) => ({ tenant, operation: 'op', key })
const answer = answerLine(cliTools, createLedger({ store: memoryStore() }).taskEither)
const answerTo = async (line: object) => JSON.parse(JSON.stringify(await answer(Buffer.from(JSON.stringify(line)))))
const reserving = (key: string) => ({ op: 'reserve', ...keyOf(key), owner: 'me', request_fingerprint: 'f' })

/** Page after page, by what each says of the next. */
const pages = async (line: object, cursor: string, items: string) => {
  const found: Array<Array<unknown>> = []
  for (let after: unknown = null, page = 0; after !== undefined && page < 20; page++) {
    const answered = await answerTo({ ...line, [cursor]: after })
    found.push(answered[items])
    after = answered.next
  }
  return found
}

const outcome = { outcome_kind: 'done', details: 'x'.repeat(500_000) }

beforeAll(async () => {
  for (const key of ['a', 'b', 'c']) await answerTo({ ...reserving(key), lease_ms: 50, claim_id: key, now_ms: 1000 })
  await answerTo({ ...reserving('b'), now_ms: 1001 })
  await answerTo({ ...reserving('d'), owner: 'you', retention_ms: 500, claim_id: 'd', now_ms: 2000 })
  await answerTo({ op: 'complete', ...keyOf('d'), outcome, now_ms: 2001 })
})

describe('list', () => {
  const keysOf = async (filter: object): Promise<ReadonlyArray<string>> =>
    (await answerTo({ op: 'list', ...filter })).records.map(({ key }: { readonly key: string }) => key).toSorted()

  for (const [filter, keys] of [
    [{}, ['a', 'b', 'c', 'd']],
    [{ org_id: 'o', workspace_id: 'w', operation: 'op' }, ['a', 'b', 'c', 'd']],
    [{ org_id: 'other' }, []],
    [{ workspace_id: 'other' }, []],
    [{ operation: 'other' }, []],
    [{ owner: 'you' }, ['d']],
    [{ status: 'reserved' }, ['a', 'b', 'c']],
    [{ status: 'completed' }, ['d']],
    [{ seen_from_ms: 1001 }, ['b', 'd']],
    [{ stuck_at_ms: 1049 }, []],
    [{ stuck_at_ms: 1050 }, ['a', 'b', 'c']]
  ] as const) {
    it(`narrowed by ${JSON.stringify(filter)}`, async () => {
      expect(await keysOf(filter)).toEqual(keys)
    })
  }
  it('has of a record what get does not say: how it is held, and how often it came', async () => {
    const { records, found } = await answerTo({ op: 'list', status: 'reserved', seen_from_ms: 1001 })
    expect(found).toBe(1)
    expect(records).toMatchObject([{ key: 'b', duplicate_count: 1, epoch: 1, lease_expires_at_ms: 1050 }])
  })
  it('comes in pages, of which each says where the next begins', async () => {
    const found = await pages({ op: 'list', limit: 3 }, 'after_record_id', 'records')
    expect(found.map(({ length }) => length)).toEqual([3, 1])
    expect(found.flat()).toEqual((await answerTo({ op: 'list' })).records)
    expect(await answerTo({ op: 'list', limit: 4 })).not.toHaveProperty('next')
    expect(await answerTo({ op: 'list', after_record_id: `idem_${'f'.repeat(64)}` })).toEqual({ records: [], found: 4 })
  })
  it('has a page of as many records as one answer may hold', async () => {
    for (let index = 0; index < 17; index++) {
      await answerTo({ ...reserving(`large-${index}`), owner: 'large', now_ms: 3000 })
      await answerTo({ op: 'complete', ...keyOf(`large-${index}`), outcome, now_ms: 3001 })
    }
    const found = await pages({ op: 'list', owner: 'large' }, 'after_record_id', 'records')
    expect(found.map(({ length }) => length)).toEqual([16, 1])
  })
})

describe('history', () => {
  it('has every event of a key, in pages', async () => {
    const { events, found, next } = await answerTo({ op: 'history', ...keyOf('d') })
    expect(events).toMatchObject([
      { revision: 0, type: 'Reserved', data: { retention_ms: 500 } },
      { revision: 1, type: 'Completed', data: { outcome: { outcome_kind: 'done' } } }
    ])
    expect({ found, next }).toEqual({ found: 2, next: undefined })
    const line = { op: 'history', ...keyOf('d'), limit: 1 }
    expect(await pages(line, 'after_revision', 'events')).toEqual([[events[0]], [events[1]]])
  })
  it('of a key that was never seen is none', async () => {
    expect(await answerTo({ op: 'history', ...keyOf('never') })).toEqual({ events: [], found: 0 })
  })
})

describe('where a page begins', () => {
  it.each([
    [{ op: 'list', after_record_id: 'zzz' }, 'after_record_id'],
    [{ op: 'list', after_record_id: 5 }, 'after_record_id'],
    ...[1e99, -5, 0.5, '1'].map(
      (revision) => [{ op: 'history', ...keyOf('d'), after_revision: revision }, 'after_revision'] as const
    )
  ] as const)('is refused where nothing can begin: %o', async (line, field) => {
    const { error } = await answerTo(line)
    expect(error).toMatchObject({ tag: 'InvalidInput', message: expect.stringContaining(`$.${field} must be`) })
  })
})

describe('retention_ms', () => {
  it('is how long the answer is remembered after completion', async () => {
    expect(await answerTo({ op: 'get', ...keyOf('d') })).toMatchObject({ record: { expires_at_ms: 2501 } })
    expect(await answerTo({ ...reserving('d'), now_ms: 2501 })).toMatchObject({ result: 'reserved', epoch: 2 })
  })
})

describe('how a key is held', () => {
  it('stands beside its record wherever a claim is asked for, given or used', async () => {
    const reserved = await answerTo({ ...reserving('e'), lease_ms: 50, claim_id: 'e', now_ms: 1000 })
    expect(reserved).toMatchObject({ result: 'reserved', epoch: 1, lease_expires_at_ms: 1050 })
    const { claim } = reserved
    const held = { epoch: 1, lease_expires_at_ms: 1050 }
    expect(await answerTo({ ...reserving('e'), now_ms: 1001 })).toMatchObject({ result: 'duplicate', ...held })
    const other = { ...reserving('e'), request_fingerprint: 'g', now_ms: 1002 }
    expect(await answerTo(other)).toMatchObject({ result: 'conflict', ...held })
    expect(await answerTo({ op: 'renew', claim, lease_ms: 100, now_ms: 1010 })).toMatchObject({
      result: 'renewed',
      epoch: 1,
      lease_expires_at_ms: 1110
    })
    expect(await answerTo({ op: 'complete', claim, outcome: { outcome_kind: 'done' } })).toMatchObject({
      result: 'completed',
      epoch: 1
    })
    expect(await answerTo({ op: 'get', ...keyOf('e') })).not.toHaveProperty('epoch')
    const unending = await answerTo({ ...reserving('f'), claim_id: 'f' })
    expect(unending).toMatchObject({ result: 'reserved', epoch: 1 })
    expect(unending).not.toHaveProperty('lease_expires_at_ms')
  })
})
