import type { EventType } from './ledger-event.ts'

/** Turns data of one schema version into data of the next. Pure; never sees an older or newer version than its own. */
export type Upcaster = (data: unknown) => unknown

/** Per type, the upcasters from version 1 on: the first makes version 2 of version 1, and so forth. */
export type Upcasters = { readonly [T in EventType]: ReadonlyArray<Upcaster> }

export const upcasters: Upcasters = {
  Reserved: [],
  DuplicateSeen: [],
  ConflictRecorded: [],
  Completed: [],
  Expired: [],
  LeaseRenewed: [],
  CompletionRejected: [],
  Imported: []
}

/** Data of `version` as the newest version has it. */
export const upcast = (chain: ReadonlyArray<Upcaster>, version: number, data: unknown): unknown =>
  chain.slice(version - 1).reduce((older, next) => next(older), data)
