import { describe, expect, it } from 'vitest'
import { carriedPoints } from '../../../src/application/effects/carried-points.ts'
import type { Instant } from '../../../src/domain/instant.ts'
import { onceWorld } from '../../support/once-world.ts'
import { asking, claimOf, done, keyOf } from '../../support/scripted-ledger.ts'

type World = ReturnType<typeof onceWorld>
type Deed = (world: World, claim: ReturnType<typeof claimOf>) => Promise<unknown>

const reach =
  (name: string, data?: number): Deed =>
  ({ rival }, claim) =>
    rival.reachRecoveryPoint({ claim, name, data })
const release: Deed = ({ rival }, claim) => rival.release({ claim })
const lapse: Deed = async ({ time }) => time.pass(1000)
const complete: Deed = ({ rival, time }, claim) => {
  const expiresAtMs = (1_000_000 + time.monotonicMs() + 10) as Instant
  return rival.complete({ claim, outcome: done, expiresAtMs }).then(() => time.pass(10))
}
const mark: Deed = ({ rival }, claim) => rival.markInDoubt({ claim })
const operator: Deed = ({ rival }) => rival.expireByOperator({ ...keyOf(), actor: 'eve', note: 'anew' })

/** What was done in each attempt, the last of which goes on. */
const historyOf = async (attempts: ReadonlyArray<ReadonlyArray<Deed>>, other = -1) => {
  const world = onceWorld()
  for (const [index, deeds] of [...attempts, []].entries()) {
    const requestFingerprint = index === other ? 'other' : 'fp'
    const claim = claimOf(
      await world.rival.reserve(asking({ lease: 1000, requestFingerprint, claimId: `claim ${index}` }))
    )
    for (const deed of deeds) await deed(world, claim)
  }
  return world.rival.history(keyOf())
}

const a = { name: 'a' }
const b = { name: 'b' }

describe('the points that an attempt goes on from', () => {
  it.each<[string, ReadonlyArray<ReadonlyArray<Deed>>, ReadonlyArray<object>]>([
    ['none before it', [], []],
    ['one that was given back', [[reach('a'), release]], [a]],
    ['one that lapsed', [[reach('a'), lapse]], [a]],
    ['given back, and again without a point', [[reach('a'), release], [release]], [a]],
    ['given back, and lapsed without a point', [[reach('a'), release], [lapse]], [a]],
    ['lapsed, and given back without a point', [[reach('a'), lapse], [release], [release]], [a]],
    [
      'some in each',
      [
        [reach('a'), release],
        [reach('b'), lapse]
      ],
      [a, b]
    ],
    [
      'the last data of a name',
      [
        [reach('a', 1), release],
        [reach('a', 2), release]
      ],
      [{ name: 'a', data: 2 }]
    ],
    ['marked in doubt, and given back by its holder', [[reach('a'), mark, release]], [a]],
    ['ended by an operator', [[reach('a'), release], [operator]], []],
    [
      'ended by an operator, and begun anew',
      [
        [reach('a'), operator],
        [reach('b'), release]
      ],
      [b]
    ],
    ['completed, and forgotten', [[reach('a'), complete]], []]
  ])('%s', async (_, attempts, points) => {
    const found = carriedPoints(await historyOf(attempts), attempts.length + 1)
    expect(found?.map(({ name, data }) => (data === undefined ? { name } : { name, data }))).toEqual(points)
  })
  it('leaves out those of another request between', async () => {
    const history = await historyOf(
      [
        [reach('a'), release],
        [reach('b'), release]
      ],
      1
    )
    expect(carriedPoints(history, 3)).toMatchObject([a])
  })
  it('are not known from a history that does not hold the attempt', async () => {
    expect(carriedPoints(await historyOf([[reach('a'), release]]), 3)).toBeUndefined()
  })
})
