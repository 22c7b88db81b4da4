import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import type { StoredRow } from '../../../src/application/ports/view-store.ts'
import { storedPages } from '../../../src/application/projections/stored-rows.ts'

const mebi = 1024 * 1024

/** Rows of so many characters each, and how many are read of them at a time. */
const pagesOf = (sizes: ReadonlyArray<number>) => {
  const all = sizes.map(
    (size, n): StoredRow => ({ row: `r${`${n}`.padStart(6)}`, partition: 0, state: 'x'.repeat(size) })
  )
  const snapshot = {
    rows: (after: readonly [string, number] | undefined, limit: number) => {
      const from = after === undefined ? 0 : all.findIndex(({ row }) => row > after[0])
      return from < 0 ? [] : all.slice(from, from + limit)
    }
  }
  const pages = [...storedPages(snapshot)].map((page) => (E.isRight(page) ? page.right : []))
  expect(pages.flat()).toEqual(all)
  return pages.map((page) => page.length)
}

const of = (count: number, size: number): ReadonlyArray<number> => Array.from({ length: count }, () => size)

describe('pages of stored rows', () => {
  it('begin small, and grow where rows are small', () => {
    const pages = pagesOf(of(2000, 10))
    expect(pages[0]).toBeLessThanOrEqual(16)
    expect(pages).toHaveLength(11)
  })
  it('hold some 4 Mi characters where rows are large, and at least one row', () => {
    expect(Math.max(...pagesOf(of(60, mebi / 2)).slice(1))).toBe(8)
    expect(pagesOf(of(20, 5 * mebi)).slice(1, 5)).toEqual(of(4, 1))
  })
  it('are no larger than 256 rows where large ones follow on small ones', () => {
    expect(Math.max(...pagesOf([...of(1000, 10), ...of(300, 1000)]))).toBe(256)
  })
})
