import { describe, expect, it } from 'vitest'
import { importable } from '../../support/importable.ts'
import { failureOf, scriptedLedger, storedTypes } from '../../support/scripted-ledger.ts'

const source = 'older.json'
const many = Array.from({ length: 600 }, (_, n) => importable(`key-${n}`))

/** Imports, and gives up at a moment of its progress. */
const givenUpAt = async (transactions: boolean, isTime: (at: { checked: number; written: number }) => boolean) => {
  const world = scriptedLedger({ transactions })
  const stop = new AbortController()
  const importing = world.ledger.importRecords(many, {
    source,
    signal: stop.signal,
    onProgress: (at) => {
      if (isTime(at)) stop.abort()
    }
  })
  expect(await failureOf(importing)).toMatchObject({ _tag: 'Aborted' })
  return world
}

describe('an import that its caller gives up', () => {
  it.each([true, false])('writes nothing while it checks (transactions: %s)', async (transactions) => {
    const { ledger } = await givenUpAt(transactions, ({ checked }) => checked >= 200)
    expect(await ledger.list()).toEqual([])
  })
  it('is taken back while it writes, where the store has transactions', async () => {
    const { ledger } = await givenUpAt(true, ({ written }) => written >= 200)
    expect(await ledger.list()).toEqual([])
    expect(await ledger.importRecords(many, { source })).toEqual({ imported: 600, skipped: 0 })
  })
  it('stops between records where the store has none, and goes on when it is run again', async () => {
    const { ledger, store } = await givenUpAt(false, ({ written }) => written >= 200)
    const stands = (await ledger.list()).length
    expect(stands).toBeGreaterThanOrEqual(200)
    expect(stands).toBeLessThan(600)
    expect(await ledger.importRecords(many, { source })).toEqual({ imported: 600 - stands, skipped: stands })
    expect(await storedTypes(store, 'key-0')).toEqual(['Imported'])
  })
  it('refuses a signal that is none', async () => {
    const { ledger } = scriptedLedger()
    const signal = 'stop' as unknown as AbortSignal
    expect(await failureOf(ledger.importRecords(many, { source, signal }))).toMatchObject({ path: '$.signal' })
  })
})
