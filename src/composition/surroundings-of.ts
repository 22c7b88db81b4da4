import { nodeNesting } from '../adapters/node/nesting.ts'
import { nodeRandom } from '../adapters/node/random.ts'
import { sha256 } from '../adapters/node/sha256.ts'
import { nodeTimer } from '../adapters/node/timer.ts'
import type { OnceRules } from '../application/effects/once-options.ts'
import type { Surroundings } from '../application/effects/surroundings.ts'
import { guardedRandom } from './guarded.ts'
import { systemClock } from './system-clock.ts'

/**
 * Where a ledger has its own. A wrapper made by spread or by a proxy has it too, types need not name it, and another copy
 * of the package finds it.
 */
const key = Symbol.for('keyfold surroundings')

/** The same ledger, that `once` finds its surroundings in. */
export const withSurroundings = <L extends object>(ledger: L, surroundings: Surroundings): L => ({
  ...ledger,
  [key]: surroundings
})

const system: Surroundings = {
  clock: systemClock,
  timer: nodeTimer,
  random: nodeRandom,
  sha256,
  nesting: nodeNesting,
  clockSkewMs: 0,
  maxValues: 2 ** 20
}

/** A copy of another version may have fewer. */
const ownOf = (ledger: object): Surroundings => {
  const own: Partial<Surroundings> | undefined = Reflect.get(ledger, key)
  return { ...system, ...own }
}

/** What `once` works with: what its caller says, else the ledger's own, else the system's. */
export const surroundingsOf = (
  ledger: object,
  { clock, timer, chance }: Pick<OnceRules<unknown>, 'clock' | 'timer' | 'chance'>
): Surroundings => {
  const own = ownOf(ledger)
  return {
    ...own,
    clock: clock ?? own.clock,
    timer: timer ?? own.timer,
    random: guardedRandom(chance ?? own.random)
  }
}
