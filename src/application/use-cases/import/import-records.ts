import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Import } from '../../../domain/commands.ts'
import { type Failure, invalidInput } from '../../../domain/failure.ts'
import { after, type Instant } from '../../../domain/instant.ts'
import { noOthers } from '../../../domain/parsing/known-members.ts'
import { mismatch, type Parsed } from '../../../domain/parsing/parsed.ts'
import { reading } from '../../../domain/parsing/reading.ts'
import { instant } from '../../../domain/parsing/values.ts'
import type { IdempotencyRecord } from '../../../domain/record.ts'
import type { Engine } from '../../engine/engine.ts'
import { clockTime } from '../../ports/clock-time.ts'
import { leaseLength } from '../../requests/lease-length.ts'
import { listener } from '../../requests/listener.ts'
import { parseRequest } from '../../requests/parse-request.ts'
import type { RecordInput } from '../../requests/requests.ts'
import { signal } from '../../requests/signal.ts'
import { text } from '../../requests/text.ts'
import type { Settings } from '../../settings.ts'
import { copyOf, foreignRecord } from './foreign-record.ts'
import { judgeAll } from './judge.ts'
import { type ImportProgress, progressOf } from './progress.ts'
import { writeAtomically, writeEach } from './write.ts'

/** How records of another system are brought in. */
export type ImportOptions = {
  /** Where the records come from; kept in the events. */
  readonly source: string
  /** An end for the records in flight, ms from now: without one they block their keys for ever. */
  readonly leaseMs?: number | undefined
  /** The time of the import, epoch ms. The ledger’s clock where it is left out. */
  readonly nowMs?: number | undefined
  /** Told every so often, and in the end, how many records were checked and how many written. */
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined
  /**
   * Gives up: `Aborted`. Nothing is written then where the store has transactions; elsewhere what was written stands, and
   * running the import again goes on from there.
   */
  readonly signal?: AbortSignal | undefined
}

/** How many records were brought in, and how many stood already. */
export type ImportSummary = {
  /** How many were brought in. */
  readonly imported: number
  /** How many were imported before, or stood as they are. */
  readonly skipped: number
}

/** When the leases of records in flight end, where they are to have any. */
const leaseEnd = (atMs: Instant, leaseMs: number | undefined): Parsed<Instant | undefined> =>
  leaseMs === undefined
    ? E.right(undefined)
    : pipe(
        leaseLength('$.leaseMs', leaseMs),
        E.flatMap((length) =>
          E.fromNullable(invalidInput('the lease ends beyond the safe integers', '$.leaseMs'))(after(atMs, length))
        )
      )

const members = noOthers<ImportOptions>({ source: true, leaseMs: true, nowMs: true, onProgress: true, signal: true })

type Parts = Pick<ImportOptions, 'onProgress' | 'signal'> & { readonly command: (record: IdempotencyRecord) => Import }

const parseOptions = (settings: Settings, options: ImportOptions): Parsed<Parts> =>
  pipe(
    E.Do,
    E.bind('onProgress', () => listener('$.onProgress', options.onProgress)),
    E.bind('signal', () => signal('$.signal', options.signal)),
    E.bind('source', () => text(settings.limits, '$.source', options.source)),
    E.bind('atMs', () => (options.nowMs === undefined ? clockTime(settings.clock) : instant('$.nowMs', options.nowMs))),
    E.bind('until', ({ atMs }) => leaseEnd(atMs, options.leaseMs)),
    E.map(({ signal, onProgress, source, atMs, until }) => ({
      signal,
      onProgress,
      command: (record) => ({
        _tag: 'Import',
        atMs,
        record: until === undefined || record.outcome !== undefined ? record : { ...record, leaseExpiresAtMs: until },
        source
      })
    }))
  )

/** Records of another system come under ids that this ledger makes of no key: nobody would find them again. */
const notHere = invalidInput(
  'a ledger with an identity secret imports nothing: what comes from elsewhere stands under plain record ids',
  '$.identity.secret'
)

const pathOf = (index: number): string => `$[${index}]`

/** All records as they are now: what their owner does with them while they are checked and written is no part of it. */
const copied = (records: ReadonlyArray<unknown>): Array<Parsed<string> | undefined> =>
  // by `from`, which does not pass over holes
  Array.from(records, (record, index) => {
    const path = pathOf(index)
    return reading(path, () => copyOf(record, path))
  })

/**
 * The commands of an import, one by one: so many records take their time even to check. Each copy is let go of as its
 * record is made, since all of them are as much as the file that they came from.
 */
function* commandsFor(
  settings: Settings,
  copies: Array<Parsed<string> | undefined>,
  command: (record: IdempotencyRecord) => Import
): Generator<Parsed<Import>> {
  for (const [index, copy] of copies.entries()) {
    if (copy === undefined) continue
    copies[index] = undefined
    yield pipe(
      copy,
      E.flatMap((text) => foreignRecord(settings.sha256, text, pathOf(index))),
      E.map(command)
    )
  }
}

/**
 * Brings records in, all or none: everything is judged against the ledger first, then written, in one transaction
 * where the store has them. Elsewhere a crash half-way is healed by running it again. A key that is held differently
 * is `ImportRefused`.
 */
export const importRecords =
  (engine: Engine) =>
  (records: ReadonlyArray<RecordInput>, options: ImportOptions): TaskEither<Failure, ImportSummary> =>
    engine.admit(async () => {
      const { settings } = engine
      const { store, timer } = settings
      if (settings.identity.isSecret) return E.left(notHere)
      const parsed = parseRequest(settings, parseOptions, options, members)
      if (E.isLeft(parsed)) return parsed
      const { command, signal, onProgress } = parsed.right
      if (!Array.isArray(records)) return mismatch('$', 'takes a list of records', records, 'an import')
      const copies = copied(records)
      const progress = progressOf(timer, onProgress)
      const toWrite = await judgeAll(settings, commandsFor(settings, copies, command), progress.checked, signal)
      if (E.isLeft(toWrite)) return toWrite
      progress.tell()
      const imported =
        store.appendAtomically === undefined
          ? await writeEach(engine, toWrite.right, progress.written, signal)
          : await writeAtomically(settings, store.appendAtomically, toWrite.right, progress.written, signal)
      if (E.isLeft(imported)) return imported
      progress.tell()
      return E.right({ imported: imported.right, skipped: copies.length - imported.right })
    })
