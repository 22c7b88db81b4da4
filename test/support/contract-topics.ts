import { describe, it } from 'vitest'
import type { Runner } from '../../src/testing/event-store-contract/harness.ts'

/**
 * Registers some topics of the contract: for a store that does all else by what is held to all of them already. A topic
 * that is not there is a mistake, for it would be left out in silence.
 */
export const ofTopics = (topics: ReadonlyArray<string>, register: (runner: Runner) => void): void => {
  const missing = new Set(topics)
  register({
    describe: (name, body) => {
      if (missing.delete(name.slice(name.indexOf(': ') + 2))) describe(name, body)
    },
    it
  })
  if (missing.size > 0) throw new Error(`the contract has no such topics: ${[...missing].join('; ')}`)
}
