import { atomicCases } from './atomic-cases.ts'
import type { Case } from './case.ts'
import { currentCases, removedCases } from './current-cases.ts'
import { expectedRevisionCases } from './expected-revision-cases.ts'
import type { Capabilities, Harness, Runner } from './harness.ts'
import { lifetimeCases } from './lifetime-cases.ts'
import { logCases } from './log-cases.ts'
import { readCases } from './read-cases.ts'
import { refusedAppendCases, refusedReadCases } from './refused-cases.ts'
import { repeatedIdCases } from './repeated-id-cases.ts'
import { rivalCases } from './rival-cases.ts'
import { shapeCases } from './shape-cases.ts'
import { subscriptionCases } from './subscription-cases.ts'
import { subscriptionEndCases } from './subscription-end-cases.ts'
import { limitCases, textCases } from './text-cases.ts'
import { inWorld } from './world.ts'

type Topic = readonly [of: string, cases: ReadonlyArray<Case>]

const topics = ({ atomic, limited, removable, confirming }: Capabilities): ReadonlyArray<Topic> => [
  ['a store', shapeCases],
  ['append', [...expectedRevisionCases, ...refusedAppendCases]],
  ['append, repeated ids', repeatedIdCases],
  ['append, rivals', rivalCases],
  ['append, texts', [...textCases, ...(limited ? limitCases : [])]],
  ...(atomic ? ([['append to several streams at once', atomicCases]] as const) : []),
  ['read a stream', [...readCases, ...refusedReadCases]],
  ...(removable ? ([['what was removed', removedCases]] as const) : []),
  ...(confirming ? ([['what is current', currentCases]] as const) : []),
  ['read the log', logCases],
  ['subscribe', subscriptionCases],
  ['subscribe, the end', subscriptionEndCases],
  ['lifetime', lifetimeCases]
]

/**
 * The contract of the store port (SPEC section 8), case by case, for any adapter and any runner. Cases for what a store
 * does not have are not registered; that it does not have it is a case.
 */
export const eventStoreContract = (name: string, harness: Harness, { describe, it }: Runner): void => {
  for (const [topic, cases] of topics(harness.capabilities)) {
    describe(`${name}: ${topic}`, () => {
      for (const [says, run] of cases) it(says, inWorld(harness, run))
    })
  }
}
