import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { evolve } from '../../domain/evolve.ts'
import type { Failure } from '../../domain/failure.ts'
import { streamPrefix } from '../../domain/identity.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import { initialState, recordOf, type State } from '../../domain/state.ts'
import { decodeRecorded } from '../event-text.ts'
import type { LogPage, Position } from '../ports/event-store.ts'
import type { Settings } from '../settings.ts'

const page = 1000

/** Folds every key of the ledger by reading the whole log once: plain, and as slow as the log is long. */
const scanStates =
  (settings: Settings): TaskEither<Failure, ReadonlyMap<string, State>> =>
  async () => {
    const { store, sha256, category } = settings
    const states = new Map<string, State>()
    let after: Position | 'start' = 'start'
    for (;;) {
      const read: E.Either<Failure, LogPage> = await store.readAll(after, streamPrefix(category), page)()
      if (E.isLeft(read)) return read
      const { events, unreadable: [bad] = [] } = read.right
      if (bad !== undefined) return E.left(bad.error)
      for (const recorded of events) {
        const decoded = decodeRecorded(sha256)(recorded)
        if (E.isLeft(decoded)) return decoded
        states.set(recorded.stream, evolve(states.get(recorded.stream) ?? initialState, decoded.right.event))
      }
      if (read.right.atEnd) return E.right(states)
      after = read.right.next
    }
  }

/** The records of all keys that are held, by ascending record id. */
export const allRecords =
  (settings: Settings): TaskEither<Failure, ReadonlyArray<IdempotencyRecord>> =>
  async () => {
    const states = await scanStates(settings)()
    if (E.isLeft(states)) return states
    const records: Array<IdempotencyRecord> = []
    for (const state of states.right.values()) {
      const record = recordOf(state)
      if (record !== undefined) records.push(record)
    }
    return E.right(records.sort((a, b) => (a.recordId < b.recordId ? -1 : 1)))
  }
