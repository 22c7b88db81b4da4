import type { ParkedKey } from '../../../application/ports/view-store.ts'
import type { Health } from '../../../application/projections/health.ts'
import type { Intervened } from '../../../application/projections/parking.ts'
import type { Rebuilt } from '../../../application/projections/rebuild.ts'
import type { Verified } from '../../../application/projections/verify.ts'
import { counted } from '../terminal/counted.ts'
import { at, each, headline, type Report, table } from '../terminal/view.ts'
import { withSnakeNames } from './snake-names.ts'

const lag = (events: number, isMore: boolean): string => (isMore ? `more than ${events}` : `${events}`)

/** How views do, a line for each partition. What was never built is told too. */
export const statusReport = (all: ReadonlyArray<readonly [name: string, health: Health | undefined]>): Report => ({
  json: {
    projections: all.map(([name, health]) => (health === undefined ? { name, built: false } : healthJson(health)))
  },
  views: [
    table(
      [
        'projection',
        'partition',
        'events',
        'lag',
        { name: 'lag seconds', drop: 2 },
        { name: 'per second', drop: 1 },
        'parked',
        { name: 'position', drop: 3 }
      ],
      all.flatMap(([name, health]) =>
        health === undefined
          ? [[name, 'not built yet', '', '', '', '', '', '']]
          : health.partitions.map(({ partition, events, lagEvents, lagIsMore, lagSeconds, rate, position }) => [
              name,
              partition,
              events,
              lag(lagEvents, lagIsMore),
              lagSeconds,
              rate,
              health.parkedKeys,
              position
            ])
      )
    )
  ]
})

const healthJson = ({ partitions, ...health }: Health) => ({
  ...withSnakeNames(health),
  built: true,
  partitions: partitions.map(withSnakeNames)
})

export const rebuiltReport = (name: string, rebuilt: Rebuilt): Report => ({
  json: { projection: name, ...withSnakeNames(rebuilt) },
  views: [
    headline(
      `rebuilt ${name} of ${counted(rebuilt.events, 'event')}${rebuilt.parked > 0 ? `; keys that wait: ${rebuilt.parked}` : ''}`,
      rebuilt.parked > 0 ? 'notice' : 'good'
    )
  ]
})

export const verifiedReport = (name: string, verified: Verified): Report => {
  const { difference, rows, events } = verified
  const said =
    difference === undefined
      ? headline(`${name} is the fold of its ${counted(events, 'event')}: ${counted(rows, 'row')}`, 'good')
      : headline(
          `${name} is not the fold of its events: row ${difference.row} ${difference.what} at ${difference.path}`,
          'bad'
        )
  return { json: { projection: name, ...verified, difference: difference ?? null }, views: [said] }
}

export const parkedReport = (name: string, parked: ReadonlyArray<ParkedKey>): Report => ({
  json: { projection: name, parked: parked.map(withSnakeNames) },
  views: [
    table(
      ['record id', 'revision', { name: 'waiting', drop: 1 }, { name: 'since', drop: 2 }, 'why'],
      each(parked, ({ recordId, revision = '', waiting, parkedAtMs, tag, reason }) => [
        recordId,
        revision,
        waiting,
        at(parkedAtMs),
        `${tag}: ${reason}`
      ])
    )
  ]
})

export const intervenedReport = (name: string, recordId: string, { taken, parked }: Intervened): Report => ({
  json: { projection: name, record_id: recordId, taken, parked: parked === undefined ? null : withSnakeNames(parked) },
  views: [
    parked === undefined
      ? headline(`${recordId}: took in ${counted(taken, 'event')}, and nothing waits any more`, 'good')
      : headline(`${recordId}: took in ${counted(taken, 'event')}; ${parked.waiting} wait: ${parked.reason}`, 'notice')
  ]
})
