import { createLedger } from 'keyfold'
import { openMemoryStore } from 'keyfold/memory'
import { describe, expect, it, vi } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { Declined, handle, NothingHappened, statusOf } from './snippets/protect-a-handler.ts'

const command = { id: 'order-1', customer: 'shop', body: '{"amount":10}' }

const setUp = async () => {
  let nowMs = 1_700_000_000_000
  const ledger = createLedger({ store: await openMemoryStore(), clock: () => nowMs })
  const charge = vi.fn(async (..._: ReadonlyArray<unknown>) => ({ chargeId: 'ch_1' }))
  const findCharge = vi.fn(async (_: string): Promise<{ chargeId: string } | undefined> => undefined)
  const later = (ms: number): void => {
    nowMs += ms
  }
  return { ledger, effects: { charge, findCharge }, later }
}

const value = { chargeId: 'ch_1' }

describe('the how-to’s handler', () => {
  it('does the work once, and replays what came of it', async () => {
    const { ledger, effects } = await setUp()
    expect(await handle(ledger, effects, command)).toMatchObject({ _tag: 'Ran', value })
    expect(await handle(ledger, effects, command)).toMatchObject({ _tag: 'Replayed', value })
    expect(effects.charge).toHaveBeenCalledTimes(1)
  })
  it('tells another request under the key apart', async () => {
    const { ledger, effects } = await setUp()
    await handle(ledger, effects, command)
    const other = await handle(ledger, effects, { ...command, body: '{"amount":99}' })
    expect([other._tag, statusOf(other)]).toEqual(['Conflict', 422])
    expect(effects.charge).toHaveBeenCalledTimes(1)
  })
  it('says when to ask again while another is at work', async () => {
    const { ledger, effects } = await setUp()
    let finish = (): void => {}
    effects.charge.mockImplementationOnce(() => new Promise((resolve) => (finish = () => resolve(value))))
    const first = handle(ledger, effects, command)
    await eventually(() => expect(effects.charge).toHaveBeenCalled())
    const second = await handle(ledger, effects, command)
    expect(second).toMatchObject({ _tag: 'InFlight', retryAfterMs: 30_000 })
    expect(statusOf(second)).toBe(409)
    finish()
    expect(statusOf(await first)).toBe(200)
  })
  it('gives the key back where nothing happened', async () => {
    const { ledger, effects } = await setUp()
    effects.charge.mockRejectedValueOnce(new NothingHappened('no connection'))
    expect(statusOf(await handle(ledger, effects, command))).toBe(503)
    expect(await handle(ledger, effects, command)).toMatchObject({ _tag: 'Ran', value })
  })
  it('remembers what failed for good', async () => {
    const { ledger, effects } = await setUp()
    effects.charge.mockRejectedValueOnce(new Declined('card declined'))
    expect(statusOf(await handle(ledger, effects, command))).toBe(402)
    expect(await handle(ledger, effects, command)).toMatchObject({ _tag: 'ReplayedFailure' })
    expect(effects.charge).toHaveBeenCalledTimes(1)
  })
  it('leaves in doubt what nobody knows of', async () => {
    const { ledger, effects, later } = await setUp()
    effects.charge.mockRejectedValueOnce(new Error('connection lost'))
    expect(await handle(ledger, effects, command)).toMatchObject({ _tag: 'InDoubt' })
    later(3_600_000)
    expect(statusOf(await handle(ledger, effects, command))).toBe(409)
    expect(effects.charge).toHaveBeenCalledTimes(1)
  })
  it('looks, under the key that the charge went by, before it charges again', async () => {
    const { ledger, effects, later } = await setUp()
    effects.charge.mockImplementationOnce(() => new Promise(() => {}))
    void handle(ledger, effects, command)
    await eventually(() => expect(effects.charge).toHaveBeenCalled())
    later(30_000)
    effects.findCharge.mockResolvedValueOnce(value)
    expect(await handle(ledger, effects, command)).toMatchObject({ _tag: 'Replayed', value, recovered: true })
    expect(effects.charge).toHaveBeenCalledTimes(1)
    expect(effects.findCharge).toHaveBeenCalledWith(effects.charge.mock.calls[0]?.[1])
  })
})
