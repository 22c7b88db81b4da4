import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Import } from '../../domain/commands.ts'
import { decide } from '../../domain/decide/decide.ts'
import { type Failure, failure } from '../../domain/failure.ts'
import { streamName } from '../../domain/identity.ts'
import { after, type Instant, type Millis } from '../../domain/instant.ts'
import { instant, leaseLength } from '../../domain/parse.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import { type Context, freeze, type PlannedEvent } from '../attempt.ts'
import type { Engine } from '../engine.ts'
import type { Loaded } from '../loaded.ts'
import type { Append } from '../ports/event-store.ts'
import { present } from '../present.ts'
import { readPast } from '../read-history.ts'
import { readState } from '../read-state.ts'
import type { Settings } from '../settings.ts'
import { weigh } from '../submission.ts'

export type ImportOptions = {
  /** Where the records come from; kept in the events. */
  readonly source: string
  /** An end for the records in flight, ms from now: without one they block their keys for ever. */
  readonly leaseMs?: number | undefined
  readonly nowMs?: number | undefined
  /** Told after each record that was checked or written. */
  readonly onProgress?: (done: { readonly checked: number; readonly written: number }) => void
}

/** How many records were brought in, and how many stood already. */
export type ImportSummary = { readonly imported: number; readonly skipped: number }

type Judged = { readonly loaded: Loaded; readonly event: PlannedEvent }

const context: Context = {}
/** Every so many records others get their turn. */
const turn = 200

const withLease = (record: IdempotencyRecord, until: Instant | undefined): IdempotencyRecord =>
  until === undefined || record.outcome !== undefined ? record : { ...record, leaseExpiresAtMs: until }

const judge = async (
  settings: Settings,
  stream: string,
  command: Import
): Promise<E.Either<Failure, Judged | undefined>> => {
  const loaded = await readState(settings)(stream)()
  if (E.isLeft(loaded)) return loaded
  let basis = loaded.right
  let decision = decide(command, basis.state)
  if (decision._tag === 'NeedsPast') {
    const whole = await readPast(settings)(stream)()
    if (E.isLeft(whole)) return whole
    basis = whole.right.loaded
    decision = decide(command, basis.state, whole.right.past)
  }
  if (decision._tag === 'Refused') return E.left(decision.failure)
  const [event] = decision._tag === 'Decided' ? decision.events : []
  return E.right(event === undefined ? undefined : { loaded: basis, event: { event, context } })
}

const commandFor = (record: IdempotencyRecord, atMs: Instant, until: Instant | undefined, source: string): Import => ({
  _tag: 'Import',
  atMs,
  record: withLease(record, until),
  source
})

/**
 * Brings records in, all or none: everything is judged against the ledger first, then written, in one transaction
 * where the store has them. Elsewhere a crash half-way is healed by running it again. A key that is held differently
 * is `ImportRefused`.
 */
export const importRecords =
  (engine: Engine) =>
  (records: ReadonlyArray<IdempotencyRecord>, options: ImportOptions): TaskEither<Failure, ImportSummary> =>
    engine.admit(async () => {
      const { settings } = engine
      const { store, timer, category } = settings
      const now = options.nowMs === undefined ? present(settings.clock) : instant('$.nowMs', options.nowMs)
      if (E.isLeft(now)) return now
      const atMs = now.right
      let until: Instant | undefined
      if (options.leaseMs !== undefined) {
        const lease: E.Either<Failure, Millis> = leaseLength('$.leaseMs', options.leaseMs)
        if (E.isLeft(lease)) return lease
        until = after(atMs, lease.right)
        if (until === undefined) return E.left(failure('InvalidInput', 'the lease ends beyond the safe integers'))
      }
      /** What to write; a record whose key nobody ever wrote to is by far the most common, and needs no fold kept. */
      const toWrite: Array<{ readonly stream: string; readonly judged: Judged }> = []
      let checked = 0
      for (const record of records) {
        const stream = streamName(category, record.recordId)
        const judged = await judge(settings, stream, commandFor(record, atMs, until, options.source))
        if (E.isLeft(judged)) return judged
        if (judged.right !== undefined) toWrite.push({ stream, judged: judged.right })
        checked++
        if (checked % turn === 0) {
          options.onProgress?.({ checked, written: 0 })
          await timer.sleep(0)()
        }
      }
      const summary = { imported: toWrite.length, skipped: records.length - toWrite.length }
      let written = 0
      const told = (): void => {
        written++
        if (written % turn === 0 || written === toWrite.length) options.onProgress?.({ checked, written })
      }
      if (store.appendAtomically === undefined) {
        for (const { judged } of toWrite) {
          if (judged.event.event.type !== 'Imported') continue
          const { record } = judged.event.event.data
          const result = await engine.submit(record.recordId, {
            at: () => commandFor(record, atMs, undefined, options.source),
            nowMs: atMs,
            context,
            signal: undefined,
            firstTry: true,
            weight: () => weigh(record)
          })()
          if (E.isLeft(result)) return result
          told()
        }
        return E.right(summary)
      }
      function* appends(): Generator<Append> {
        for (const { stream, judged } of toWrite) {
          yield freeze(settings, stream, judged.loaded, [judged.event]).append
          told()
        }
      }
      const result = await store.appendAtomically(appends())()
      if (E.isRight(result)) return E.right(summary)
      switch (result.left._tag) {
        case 'WrongExpectedRevision':
          return E.left(failure('Contended', 'a key was written by others during the import; nothing was imported'))
        case 'NotWritten':
          return E.left(result.left.error)
        case 'OutcomeUnknown':
          return E.left(
            failure('AppendUnknown', 'whether the import was written could not be found out; run it again', {
              cause: result.left.error
            })
          )
      }
    })
