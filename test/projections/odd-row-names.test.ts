import { describe, expect, it } from 'vitest'
import type { ViewStore } from '../../src/application/ports/view-store.ts'
import type { createLedger } from '../../src/index.ts'
import { openMemoryViews, openSqliteViews, type Projection } from '../../src/projections.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import { keyNamed, reserveMany, world } from './set-up.ts'

const byOperation: Projection<number> = {
  ...{ name: 'by_operation', version: 1, initialState: 0 },
  rowOf: ({ data }) => ('operation' in data ? String(data.operation) : undefined),
  evolve: (count) => count + 1
}

const reserve = (ledger: ReturnType<typeof createLedger>, operation: string, key: string) =>
  ledger.reserve({ ...keyNamed(key), operation, owner: 'me', requestFingerprint: 'f', lease: 'none' })

describe('rows whose names hold U+0000', () => {
  it('are told apart: got, paged, walked, verified', async () => {
    const file = temporaryFile('store.db')
    const store = await openSqliteStore({ file, inline: [byOperation], synchronous: 'NORMAL' })
    const { ledger, projections } = await world({ store, views: await openSqliteViews({ file }) })
    const names = Array.from({ length: 1100 }, (_, n) => `pay\0${String(n).padStart(4, '0')}`)
    await Promise.all(names.map((name) => reserve(ledger, name, 'k')))
    await reserve(ledger, 'pay\0' + '0007', 'another')
    const view = projections.view(byOperation)
    expect(await view.get('pay\0' + '0007')).toBe(2)
    const page = await view.page({ limit: 2, after: 'pay\0' + '0005' })
    expect(page.rows.map(({ row }) => row)).toEqual(['pay\0' + '0006', 'pay\0' + '0007'])
    const walked: Array<string> = []
    await view.walk((row) => walked.push(row))
    expect(walked).toEqual(names)
    expect(await projections.verify(byOperation)).toMatchObject({ rows: 1100, difference: undefined })
  })
})

describe('a row whose name holds a lone surrogate', () => {
  it('parks the key of its event', async () => {
    const views = await openSqliteViews({ file: temporaryFile('views.db') })
    const { ledger, projections } = await world({ views })
    const odd: Projection<number> = { ...byOperation, rowOf: ({ data }) => ('key' in data ? `${data.key}\ud800` : '') }
    await reserve(ledger, 'pay', 'k')
    projections.run(odd)
    expect(await projections.waitUntil(odd.name, 'end')).toBe(true)
    expect(await projections.parked(odd.name)).toMatchObject([
      { tag: 'Threw', reason: expect.stringContaining('lone surrogate') }
    ])
  })
})

describe('a store that does not find a row by the name that it gives', () => {
  it('is not read for ever: CorruptStream', async () => {
    const views = await openMemoryViews()
    const cut: ViewStore = {
      ...views,
      snapshot: (id) => async () => {
        const taken = await views.snapshot(id)()
        if (!('right' in taken) || taken.right === 'Gone') return taken
        const { rows } = taken.right
        const right = {
          ...taken.right,
          rows: (...at: Parameters<typeof rows>) => rows(...at).map((one) => ({ ...one, row: one.row.slice(0, 1) }))
        }
        return { _tag: 'Right', right }
      }
    }
    const { ledger, projections } = await world({ views: { ...views, ...cut } })
    await reserveMany(
      ledger,
      Array.from({ length: 1100 }, (_, n) => `k${n}`)
    )
    projections.run({ ...byOperation, rowOf: ({ data }) => ('key' in data ? data.key : undefined) })
    expect(await projections.waitUntil(byOperation.name, 'end')).toBe(true)
    const view = projections.view(byOperation)
    const corrupt = { tag: 'CorruptStream' }
    await expect(view.walk(() => true)).rejects.toMatchObject(corrupt)
    await expect(view.page({ after: 'k' })).rejects.toMatchObject(corrupt)
  })
})
