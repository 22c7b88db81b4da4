import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { keyIndex } from '../../src/application/projections/shipped/key-index.ts'
import { createLedger, type EventStore, type State } from '../../src/index.ts'
import { createProjections, openSqliteViews, type Projection } from '../../src/projections.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { type Measured, measured, milliseconds, perSecond } from '../harness/figure.ts'
import { percentile } from '../harness/measure.ts'
import { shortRounds } from '../harness/rounds.ts'
import { type Appended, appendAtPace, type Pace, wallMs } from './paced.ts'

const rate = 1000
const usualSeconds = 10

const seconds = (): number => (shortRounds() === undefined ? usualSeconds : 3)

/** Appends to a store at a pace: in this process, or in another. */
type Writer = (store: EventStore, file: string, pace: Pace) => Promise<ReadonlyArray<Appended>>

const inThisProcess: Writer = async (store, _, pace) => {
  const ledger = createLedger({ store })
  try {
    return await appendAtPace(ledger, pace)
  } finally {
    await ledger.dispose()
  }
}

const inAnother: Writer = async (_, file, pace) => {
  const child = fork(fileURLToPath(new URL('./paced-writer.js', import.meta.url)), [file, JSON.stringify(pace)])
  const ended = once(child, 'exit').then(() => undefined)
  const said = await Promise.race([once(child, 'message'), ended])
  await ended
  if (said === undefined) throw new Error('the process that appends ended')
  return said[0]
}

/** The key index, and when each of its keys was first to be seen in the view. */
const watched = () => {
  const seenAt = new Map<string, number>()
  let taken: Array<string> = []
  const projection: Projection<State> = {
    ...keyIndex,
    evolve: (state, entry) => {
      if (entry.type === 'Reserved') taken.push(entry.data.recordId)
      return keyIndex.evolve(state, entry)
    }
  }
  const onCheckpoint = (): void => {
    const now = wallMs()
    for (const recordId of taken) seenAt.set(recordId, now)
    taken = []
  }
  return { projection, onCheckpoint, seenAt }
}

const lagOf = async (file: string, write: Writer): Promise<Measured> => {
  const store = await openSqliteStore({ file })
  const views = await openSqliteViews({ file: `${file}.views` })
  const projections = createProjections({ store, views })
  const { projection, onCheckpoint, seenAt } = watched()
  try {
    const runner = projections.run(projection, { onCheckpoint })
    // what has to be compiled is, by then
    await write(store, file, { name: 'warm', total: rate, perSecond: rate })
    const appended = await write(store, file, { name: 'key', total: seconds() * rate, perSecond: rate })
    if (!(await projections.waitUntil(projection.name, 'end'))) throw new Error('the view did not come to the end')
    await runner.stop()
    // in the very process that appends, a view may show what the caller has no answer for yet
    const lags = appended.map(([recordId, , at]) => Math.max(0, (seenAt.get(recordId) ?? Number.NaN) - at))
    const answers = appended.map(([, calledAt, answeredAt]) => answeredAt - calledAt)
    if (lags.some(Number.isNaN)) throw new Error('an event is not in the view')
    const took = Math.max(...appended.map(([, , at]) => at)) - Math.min(...appended.map(([, at]) => at))
    const p99 = percentile(lags, 0.99)
    return measured({
      measured: `${milliseconds(p99)} (p50 ${milliseconds(percentile(lags, 0.5))}) at ${perSecond(appended.length, took)}`,
      reference: `${milliseconds(percentile(answers, 0.99))} until the append was answered`,
      value: p99
    })
  } finally {
    await projections.dispose()
    await views.dispose()
    await store.dispose()
  }
}

/** How long after an append was answered its view showed it; it is appended in this process, and in another. */
export const liveLags = async (folder: string): Promise<{ readonly same: Measured; readonly other: Measured }> => ({
  same: await lagOf(join(folder, 'same.db'), inThisProcess),
  other: await lagOf(join(folder, 'other.db'), inAnother)
})
