import { join } from 'node:path'
import { keyIndex } from '../../src/application/projections/shipped/key-index.ts'
import type { Projection } from '../../src/projections.ts'
import { type Measured, measured, perSecond } from '../harness/figure.ts'
import { callers, elapsed, inTurns, median, ratio } from '../harness/measure.ts'
import { outcome, requestFor } from '../harness/requests.ts'
import { withLedger } from '../harness/sqlite-ledger.ts'
import { countsByType } from './rebuilding.ts'

const cycles = 3200
const atOnce = 64
const usualRounds = 5

/** Reserves and completes keys that were not there; what it took, ms. */
const cyclesOn = (file: string, round: number, inline: ReadonlyArray<Projection<unknown>> = []): Promise<number> =>
  withLedger({ file, inline }, (ledger) =>
    elapsed(() =>
      callers(atOnce, cycles, async (index) => {
        const answer = await ledger.reserve(requestFor(`round ${round} key ${index}`))
        if (answer._tag !== 'Reserved') throw new Error(`answered ${answer._tag}`)
        await ledger.complete({ claim: answer.claim, outcome })
      })
    )
  )

/** What the appends of a store cost that keeps views in them, beside one that keeps none. */
export const inlineCosts = async (
  folder: string
): Promise<{ readonly keyIndex: Measured; readonly counts: Measured }> => {
  const times = await inTurns(
    usualRounds,
    {
      plain: (round) => cyclesOn(join(folder, 'plain.db'), round),
      keyIndex: (round) => cyclesOn(join(folder, 'index.db'), round, [keyIndex]),
      counts: (round) => cyclesOn(join(folder, 'counts.db'), round, [countsByType])
    },
    'alternating'
  )
  const cost = (inline: ReadonlyArray<number>): Measured =>
    measured({
      measured: `${perSecond(cycles, median(inline))} cycles`,
      reference: `${perSecond(cycles, median(times.plain))} without a view`,
      value: ratio(inline, times.plain)
    })
  return { keyIndex: cost(times.keyIndex), counts: cost(times.counts) }
}
