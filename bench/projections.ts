import { join } from 'node:path'
import { keyIndex } from '../src/application/projections/shipped/key-index.ts'
import { benchmark, count, type Measured, measured, perSecond } from './harness/figure.ts'
import { writeLog } from './harness/log-of-keys.ts'
import { elapsed, inTurns, median, ratio } from './harness/measure.ts'
import { decodedScan, rawCopy, rawScan } from './harness/scans.ts'
import { withLedger } from './harness/sqlite-ledger.ts'
import { eventsWanted } from './projections/events-wanted.ts'
import { inlineCosts } from './projections/inline-cost.ts'
import { liveLags } from './projections/live-lag.ts'
import { countsByType, rebuildOf } from './projections/rebuilding.ts'

const usualRounds = 3

const verified = (file: string): Promise<number> =>
  withLedger({ file }, (ledger) =>
    elapsed(async () => {
      const { findings } = await ledger.verify()
      if (findings.length > 0) throw new Error(`found ${findings[0]?.kind}`)
    })
  )

export const projecting = benchmark({
  name: 'projections',
  about: 'views of a log and its verification, beside reads of that log; the lag of a view; what an inline view costs',
  goals: {
    'rebuild of the key index, a row a key': { atMost: 1.3 },
    'rebuild of a view of few rows': { atMost: 1.3 },
    'verify, of raw scan and JSON.parse': { atLeast: 0.5 },
    'live lag p99 in ms, appended in this process': { atMost: 50 },
    'live lag p99 in ms, appended in another': { atMost: 50 },
    'reserve + complete with the key index inline': { atMost: 1.25 },
    'reserve + complete with a view of few rows inline': { atMost: 1.25 }
  },
  run: async (folder) => {
    const file = join(folder, 'log.db')
    const raws = join(folder, 'raw.db')
    const events = await writeLog(file, eventsWanted())
    await rawCopy(file, raws)
    const times = await inTurns(usualRounds, {
      decoded: () => decodedScan(file),
      keyIndex: () => rebuildOf(file, keyIndex, events),
      counts: () => rebuildOf(file, countsByType, events),
      raw: () => rawScan(raws),
      verified: () => verified(file)
    })
    const rate = (ms: ReadonlyArray<number>): string => perSecond(events, median(ms))
    const rebuild = (ms: ReadonlyArray<number>): Measured =>
      measured({
        measured: `${rate(ms)} of ${count(events)}`,
        reference: `${rate(times.decoded)} scan and decoding`,
        value: ratio(ms, times.decoded)
      })
    const { same, other } = await liveLags(folder)
    const inline = await inlineCosts(folder)
    return {
      'rebuild of the key index, a row a key': rebuild(times.keyIndex),
      'rebuild of a view of few rows': rebuild(times.counts),
      'verify, of raw scan and JSON.parse': measured({
        measured: `${rate(times.verified)} of ${count(events)}`,
        reference: `${rate(times.raw)} raw scan and JSON.parse`,
        value: ratio(times.raw, times.verified)
      }),
      'live lag p99 in ms, appended in this process': same,
      'live lag p99 in ms, appended in another': other,
      'reserve + complete with the key index inline': inline.keyIndex,
      'reserve + complete with a view of few rows inline': inline.counts
    }
  }
})
