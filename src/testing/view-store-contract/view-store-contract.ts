import type { ViewStore } from '../../application/ports/view-store.ts'
import type { Runner } from '../event-store-contract/harness.ts'
import { buildCases } from './build-cases.ts'
import { commitCases } from './commit-cases.ts'
import { readCases } from './read-cases.ts'

/** What the suite needs of a store of views. */
export type ViewHarness = {
  /** A store with no views in it. */
  readonly open: () => Promise<ViewStore>
}

/** The contract of the port of view stores, case by case, for any adapter and any runner. */
export const viewStoreContract = (name: string, { open }: ViewHarness, { describe, it }: Runner): void => {
  const topics = [
    ['builds', buildCases],
    ['commits', commitCases],
    ['reading', readCases]
  ] as const
  for (const [topic, cases] of topics) {
    describe(`${name}: ${topic}`, () => {
      for (const [says, run] of cases) {
        it(says, async () => {
          const views = await open()
          try {
            await run(views)
          } finally {
            await views.dispose()
          }
        })
      }
    })
  }
}
