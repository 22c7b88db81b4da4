import { describe, expect, it, vi } from 'vitest'
import { invalidInput } from '../../../src/domain/failure.ts'
import { importable } from '../../support/importable.ts'
import { failureOf, scriptedLedger } from '../../support/scripted-ledger.ts'

type Decide = typeof import('../../../src/domain/decide/decide.ts')

/** How the decisions are changed that an import makes on three records: three to judge them, and three to write them. */
const world = vi.hoisted(() => ({ calls: 0, change: (decision: object): object => decision }))

vi.mock('../../../src/domain/decide/decide.ts', async (original) => {
  const { decide } = await original<Decide>()
  return {
    decide: (...args: Parameters<typeof decide>) => {
      const decision = decide(...args)
      return ++world.calls === 5 ? world.change(decision) : decision
    }
  }
})

describe('an import that decides otherwise as it writes than as it judged', () => {
  it.each<[string, (decision: object) => object]>([
    ['refuses', () => ({ _tag: 'Refused', failure: invalidInput('no more') })],
    ['has nothing to write', (decision) => ({ ...decision, events: [] })]
  ])('writes nothing, and does not say that it did: it %s', async (_, change) => {
    const { ledger } = scriptedLedger()
    world.calls = 0
    world.change = change
    const records = ['a', 'b', 'c'].map((key) => importable(key))
    expect(await failureOf(ledger.importRecords(records, { source: 'older.json' }))).toMatchObject({
      _tag: 'Aborted'
    })
    expect(world.calls).toBe(5)
    expect(await ledger.list()).toEqual([])
  })
})
