import { describe, expect, it } from 'vitest'
import type { Projection } from '../../src/projections.ts'
import { keyNamed, world } from './set-up.ts'

/** A row for each operation, of which any of four partitions may have a part. */
const sums: Projection<number> = {
  ...{ name: 'sums', version: 1, initialState: 0 },
  rowOf: ({ data }) => ('operation' in data ? data.operation : undefined),
  evolve: (count) => count + 1,
  merge: (a, b) => a + b
}

/** Three operations with ten keys each, in four partitions. */
const filled = async () => {
  const { ledger, projections } = await world()
  for (const operation of ['a', 'b', 'c']) {
    for (let n = 0; n < 10; n++) {
      await ledger.reserve({ ...keyNamed(`${n}`), operation, owner: 'me', requestFingerprint: 'f', lease: 'none' })
    }
  }
  await projections.rebuild(sums, { partitions: 4 })
  return projections
}

const pagesOf = async (
  of: (after?: string) => Promise<{ readonly rows: ReadonlyArray<{ row: string }>; next: string | undefined }>
) => {
  const seen: Array<string> = []
  let pages = 0
  for (let after: string | undefined; ; pages++) {
    const page = await of(after)
    seen.push(...page.rows.map(({ row }) => row))
    after = page.next
    if (after === undefined) return { seen, pages: pages + 1 }
  }
}

describe('a merge', () => {
  it('that throws is InvalidInput with what it threw, and no damage of the view', async () => {
    const projections = await filled()
    const mine = new Error('mine')
    const merge = () => {
      throw mine
    }
    const view = projections.view({ ...sums, merge })
    const refused = { tag: 'InvalidInput', failure: { path: '$.merge', cause: mine } }
    await expect(view.get('a')).rejects.toMatchObject(refused)
    await expect(view.page()).rejects.toMatchObject(refused)
    await expect(view.walk(() => true)).rejects.toMatchObject(refused)
  })
  it('is handed two states and nothing else', async () => {
    const projections = await filled()
    const lengths = new Set<number>()
    const merge = (...parts: ReadonlyArray<number>): number => {
      lengths.add(parts.length)
      return parts.reduce((sum, part) => sum + part, 0)
    }
    expect(await projections.view({ ...sums, merge }).get('a')).toBe(10)
    expect([...lengths]).toEqual([2])
  })
  it('that gives nothing leaves the row out, and a page still tells what to read on after', async () => {
    const projections = await filled()
    let isAsked = (_: number): boolean => true
    const merge = (a: number, b: number): number => (isAsked(a + b) ? (undefined as never) : a + b)
    const view = projections.view({ ...sums, merge })
    expect(await pagesOf((after) => view.page({ after, limit: 1 }))).toEqual({ seen: [], pages: 3 })
    isAsked = () => false
    expect(await pagesOf((after) => view.page({ after, limit: 1 }))).toEqual({ seen: ['a', 'b', 'c'], pages: 3 })
  })
})
