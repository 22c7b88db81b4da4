import { performance } from 'node:perf_hooks'
import { setTimeout as after } from 'node:timers/promises'
import type { Ledger } from '../../src/index.ts'
import { requestFor } from '../harness/requests.ts'

/** What the clocks of two processes have in common, ms. */
export const wallMs = (): number => performance.timeOrigin + performance.now()

/** One append: the key's record, when it was called for, and when it was answered. */
export type Appended = readonly [recordId: string, calledAtMs: number, answeredAtMs: number]

/** How many events are appended, how many a second, and by which name. */
export type Pace = { readonly name: string; readonly total: number; readonly perSecond: number }

const tickMs = 10

/** Reserves keys at a steady rate, whatever the answers take: one event each. */
export const appendAtPace = async (
  ledger: Ledger,
  { name, total, perSecond }: Pace
): Promise<ReadonlyArray<Appended>> => {
  const begunAt = wallMs()
  const running: Array<Promise<Appended>> = []
  const append = async (key: string): Promise<Appended> => {
    const calledAt = wallMs()
    const answer = await ledger.reserve(requestFor(key))
    if (answer._tag !== 'Reserved') throw new Error(`answered ${answer._tag}`)
    return [answer.record.recordId, calledAt, wallMs()]
  }
  while (running.length < total) {
    const due = Math.min(total, Math.floor(((wallMs() - begunAt) / 1000) * perSecond))
    while (running.length < due) running.push(append(`${name}-${running.length}`))
    await after(tickMs)
  }
  return Promise.all(running)
}
