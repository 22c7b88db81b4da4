import * as E from 'fp-ts/Either'
import type { Projection } from '../application/projections/projection.ts'
import type { RowReader, Told } from '../application/projections/row-reader.ts'
import * as conflicts from '../application/projections/shipped/conflicts.ts'
import * as due from '../application/projections/shipped/due-keys.ts'
import * as rates from '../application/projections/shipped/event-rates.ts'
import * as index from '../application/projections/shipped/key-index.ts'
import { type KeyFilter, type KeyPage, keyPage } from '../application/projections/shipped/key-page.ts'
import * as times from '../application/projections/shipped/key-times.ts'
import * as late from '../application/projections/shipped/late-duplicates.ts'
import * as inFlight from '../application/projections/shipped/stuck-keys.ts'
import { defaultLimits } from '../application/settings.ts'
import type { EventFilter } from '../application/use-cases/event-filter.ts'
import type { ListFilter } from '../application/use-cases/list.ts'
import type { ConflictReport } from '../application/use-cases/reports/conflicts.ts'
import type { KeysReport, TimesReport } from '../application/use-cases/reports/stats.ts'
import type { Stuck, StuckFilter } from '../application/use-cases/stuck.ts'
import { defaultPolicy } from '../domain/commands.ts'
import type { Parsed } from '../domain/parsing/parsed.ts'
import type { IdempotencyRecord } from '../domain/record.ts'
import type { State } from '../domain/state.ts'
import type { QueryTime, View } from './projections.ts'
import { rightOrThrow } from './promises.ts'
import { systemClock } from './system-clock.ts'

/** A read model that keyfold ships: a projection, and what can be asked of its view. */
export type ReadModel<S, Q> = Projection<S, Q> & {
  /** What can be asked of the live view: `projections.queries(readModel)`. */
  readonly queries: (view: View<S>, at?: QueryTime) => Q
}

const ask = async <S, A>(view: View<S>, reader: Parsed<RowReader<S, A>>): Promise<Told<A>> => {
  const { take, answer, after } = rightOrThrow(reader)
  const moment = await view.walk(take, { after })
  return { answer: answer(), moment }
}

const settings = { limits: defaultLimits, policy: defaultPolicy, clock: systemClock }

/** What can be asked of the key index. */
export type KeyIndexQueries = {
  /** The records of all held keys that fit, by record id: as `ledger.list` has them. */
  readonly list: (
    filter?: Omit<ListFilter, 'onUnreadable' | 'onForeign'>
  ) => Promise<Told<ReadonlyArray<IdempotencyRecord>>>
  /** A page of keys that fit, held or free, by record id. */
  readonly page: (filter?: KeyFilter) => Promise<Told<KeyPage>>
}

/** Every key that was ever reserved: whose it is, who holds it, and what came of it. */
export const keyIndex: ReadModel<State, KeyIndexQueries> = {
  ...index.keyIndex,
  queries: (view) => ({
    list: (filter = {}) => ask(view, index.listed(settings, filter)),
    page: (filter = {}) => ask(view, keyPage(filter))
  })
}

/** What can be asked of the keys that run out. */
export type DueKeysQueries = {
  /** The keys that are due by retention at a time, epoch ms: 1,000 at a time, after a record id. */
  readonly dueBefore: (timeMs: number, after?: string) => Promise<Told<due.RecordIds>>
  /** The keys in flight whose lease has ended by a time, epoch ms: 1,000 at a time, after a record id. */
  readonly leaseOverBefore: (timeMs: number, after?: string) => Promise<Told<due.RecordIds>>
  /** All keys that are due by retention at a time, for `ledger.sweep({ dueKeys })`. */
  readonly allDueBefore: (timeMs: number) => AsyncIterable<string>
}

async function* allDue(view: View<due.DueKey>, timeMs: number): AsyncGenerator<string, void, undefined> {
  for (let after: string | undefined; ; ) {
    const { recordIds, next } = (await ask(view, due.dueBefore(timeMs, after))).answer
    yield* recordIds
    if (next === undefined) return
    after = next
  }
}

/** The keys that are held: when their leases end, and when they are due by retention. */
export const dueKeys: ReadModel<due.DueKey, DueKeysQueries> = {
  ...due.dueKeys,
  queries: (view) => ({
    dueBefore: (timeMs, after) => ask(view, due.dueBefore(timeMs, after)),
    leaseOverBefore: (timeMs, after) => ask(view, due.leaseOverBefore(timeMs, after)),
    allDueBefore: (timeMs) => allDue(view, timeMs)
  })
}

/** What can be asked of the keys in flight. */
export type StuckKeysQueries = {
  /**
   * Those that are stuck and fit, by record id: as `ledger.stuck` has them where its policy is the default one. Without a
   * `nowMs` by the clock of the projections.
   */
  readonly stuck: (filter?: Omit<StuckFilter, 'onUnreadable' | 'onForeign'>) => Promise<Told<ReadonlyArray<Stuck>>>
}

/** The keys in flight, in doubt or not. */
export const stuckKeys: ReadModel<State, StuckKeysQueries> = {
  ...inFlight.stuckKeys,
  queries: (view, at) => ({ stuck: (filter = {}) => ask(view, inFlight.stuckAt({ ...settings, ...at }, filter)) })
}

/** What can be asked of the conflicts. */
export type KeyConflictsQueries = {
  /** By operation and fingerprint, of the keys that fit: as `ledger.conflicts` has them. */
  readonly conflicts: (
    filter?: Pick<EventFilter, 'orgId' | 'workspaceId' | 'operation'>
  ) => Promise<Told<ConflictReport>>
}

/** The conflicts of every key. */
export const keyConflicts: ReadModel<conflicts.KeyConflicts, KeyConflictsQueries> = {
  ...conflicts.keyConflicts,
  queries: (view) => ({ conflicts: (filter = {}) => ask(view, conflicts.conflictsBy(settings, filter)) })
}

/** What can be asked of the rates. */
export type EventRatesQueries = {
  /** How many events of each type were recorded in each time. */
  readonly rates: (filter?: rates.RatesFilter) => Promise<Told<TimesReport>>
}

/** How many events of each type the store recorded, by hour and minute. */
export const eventRates: ReadModel<rates.HourOfEvents, EventRatesQueries> = {
  ...rates.eventRates,
  queries: (view) => ({ rates: (filter = {}) => ask(view, rates.ratesOf(filter)) })
}

/** What can be asked of how long keys took. */
export type KeyTimesQueries = {
  /** How the keys of each operation stand, and how long they took. */
  readonly byOperation: () => Promise<Told<KeysReport>>
}

/** How every key stands, and how long its work took. */
export const keyTimes: ReadModel<times.KeyTimes, KeyTimesQueries> = {
  ...times.keyTimes,
  queries: (view) => ({ byOperation: () => ask(view, E.right(times.keysByOperation())) })
}

/** What can be asked of late duplicates. */
export type LateDuplicatesQueries = {
  /** How many there were of each operation, and how long after their retention they came. */
  readonly byOperation: () => Promise<Told<late.LateByOperation>>
}

/** Requests that came again after their retention, and so ran again. */
export const lateDuplicates: ReadModel<late.LateKey, LateDuplicatesQueries> = {
  ...late.lateDuplicates,
  queries: (view) => ({ byOperation: () => ask(view, E.right(late.lateByOperation())) })
}
