import { nodeRandom } from '../adapters/node/random.ts'
import { sha256 } from '../adapters/node/sha256.ts'
import { nodeTimer } from '../adapters/node/timer.ts'
import type { OnceRules } from '../application/effects/once-options.ts'
import type { Surroundings } from '../application/effects/surroundings.ts'
import { systemClock } from './system-clock.ts'

/** Where a ledger has its own. A wrapper made by spread or by a proxy has it too, and types need not name it. */
const key = Symbol('keyfold surroundings')

/** The same ledger, that `once` finds its surroundings in. */
export const withSurroundings = <L extends object>(ledger: L, surroundings: Surroundings): L => ({
  ...ledger,
  [key]: surroundings
})

const system: Surroundings = { clock: systemClock, timer: nodeTimer, random: nodeRandom, sha256, clockSkewMs: 0 }

const ownOf = (ledger: object): Surroundings => {
  const own: Surroundings | undefined = Reflect.get(ledger, key)
  return own ?? system
}

/** What `once` works with: what its caller says, else the ledger's own, else the system's. */
export const surroundingsOf = (
  ledger: object,
  { clock, timer, chance }: Pick<OnceRules<unknown>, 'clock' | 'timer' | 'chance'>
): Surroundings => {
  const own = ownOf(ledger)
  return { ...own, clock: clock ?? own.clock, timer: timer ?? own.timer, random: chance ?? own.random }
}
