import { createLedger } from 'keyfold'
import { openMemoryStore } from 'keyfold/memory'
import { describe, expect, it, vi } from 'vitest'
import { handle, NothingHappened } from './snippets/protect-a-handler.ts'

const command = { id: 'order-1', customer: 'shop', body: '{"amount":10}' }

const setUp = async () => {
  let nowMs = 1_700_000_000_000
  const ledger = createLedger({ store: await openMemoryStore(), clock: () => nowMs })
  const charge = vi.fn(async () => ({ chargeId: 'ch_1' }))
  const findCharge = vi.fn(async (): Promise<{ chargeId: string } | undefined> => undefined)
  const later = (ms: number): void => {
    nowMs += ms
  }
  return { ledger, effects: { charge, findCharge }, later }
}

const done = { _tag: 'Done', outcome: { outcomeKind: 'charged', primaryRefId: 'ch_1' } }

describe('the how-to’s handler', () => {
  it('does the work once, and replays what came of it', async () => {
    const { ledger, effects } = await setUp()
    expect(await handle(ledger, effects, command)).toMatchObject(done)
    expect(await handle(ledger, effects, command)).toMatchObject(done)
    expect(effects.charge).toHaveBeenCalledTimes(1)
  })
  it('tells another request under the key apart', async () => {
    const { ledger, effects } = await setUp()
    await handle(ledger, effects, command)
    expect(await handle(ledger, effects, { ...command, body: '{"amount":99}' })).toEqual({ _tag: 'OtherRequest' })
    expect(effects.charge).toHaveBeenCalledTimes(1)
  })
  it('says when to ask again while another is at work', async () => {
    const { ledger, effects } = await setUp()
    let finish = (): void => {}
    effects.charge.mockImplementationOnce(
      () => new Promise((resolve) => (finish = () => resolve({ chargeId: 'ch_1' })))
    )
    const first = handle(ledger, effects, command)
    await vi.waitFor(() => expect(effects.charge).toHaveBeenCalled())
    expect(await handle(ledger, effects, command)).toEqual({ _tag: 'InFlight', askAgainAtMs: 1_700_000_030_000 })
    finish()
    expect(await first).toMatchObject(done)
  })
  it('gives the key back where nothing happened', async () => {
    const { ledger, effects } = await setUp()
    effects.charge.mockRejectedValueOnce(new NothingHappened('card declined'))
    await expect(handle(ledger, effects, command)).rejects.toThrow('card declined')
    expect(await handle(ledger, effects, command)).toMatchObject(done)
  })
  it('keeps the key where it is not known what happened, and looks before it charges again', async () => {
    const { ledger, effects, later } = await setUp()
    effects.charge.mockRejectedValueOnce(new Error('connection lost'))
    await expect(handle(ledger, effects, command)).rejects.toThrow('connection lost')
    expect(await handle(ledger, effects, command)).toMatchObject({ _tag: 'InFlight' })
    later(30_000)
    effects.findCharge.mockResolvedValueOnce({ chargeId: 'ch_1' })
    expect(await handle(ledger, effects, command)).toMatchObject(done)
    expect(effects.charge).toHaveBeenCalledTimes(1)
  })
})
