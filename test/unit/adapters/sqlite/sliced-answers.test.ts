import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { slicedAnswers } from '../../../../src/adapters/sqlite/sliced-answers.ts'

const giving = (count: number) => {
  const answers = slicedAnswers()
  const given: Array<number> = []
  answers.give(Array.from({ length: count }, (_, n) => () => void given.push(n)))
  return { answers, given }
}

describe('answers of a group', () => {
  it('are given in their order, 16 in a turn of the event loop', async () => {
    const { answers, given } = giving(40)
    const seen: Array<readonly [number, number]> = []
    while (answers.left() > 0) {
      await turn()
      seen.push([given.length, answers.left()])
    }
    expect(seen).toEqual([
      [16, 24],
      [32, 8],
      [40, 0]
    ])
    expect(given).toEqual(Array.from({ length: 40 }, (_, n) => n))
  })

  it('are none before the caller of the group has had its turn', () => {
    expect(giving(3).given).toEqual([])
  })

  it('of several groups are given side by side', async () => {
    const { answers, given } = giving(20)
    answers.give([() => void given.push(100)])
    expect(answers.left()).toBe(21)
    await turn()
    expect([given.length, answers.left()]).toEqual([17, 4])
  })
})
