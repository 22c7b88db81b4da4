import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { Import } from '../../../domain/commands.ts'
import { decide } from '../../../domain/decide/decide.ts'
import type { LedgerEvent } from '../../../domain/events/ledger-event.ts'
import type { Failure } from '../../../domain/failure.ts'
import { streamName } from '../../../domain/identity.ts'
import type { Parsed } from '../../../domain/parsing/parsed.ts'
import { extendPastByDecided, noPast, type Past } from '../../../domain/past.ts'
import { epochOf, type State } from '../../../domain/state.ts'
import { aborted } from '../../engine/submission.ts'
import type { Settings } from '../../settings.ts'
import type { FoldedStream } from '../../stream/folded-stream.ts'
import { readPast } from '../../stream/read-history.ts'
import { readState } from '../../stream/read-state.ts'

/**
 * A record that is to be brought in, and what its key holds before that: in the store, and by earlier records of the import.
 * The event is decided anew where it is needed: held for every record, the events and what comes of them would take nearly as
 * much as the records do.
 */
export type Judged = {
  readonly stream: string
  readonly command: Import
  readonly folded: FoldedStream
  readonly state: State
  readonly past: Past
}

/** The event that brings a record in, and the state after it. */
export type Decided = { readonly event: LedgerEvent; readonly after: State }

/** What is to be written for a record, or nothing where it stands already. */
export const decidedOn = ({
  command,
  state,
  past
}: Pick<Judged, 'command' | 'state' | 'past'>): E.Either<Failure, Decided | undefined> => {
  const decision = decide(command, state, past)
  if (decision._tag === 'Refused') return E.left(decision.failure)
  const [event] = decision.events
  return E.right(event && { event, after: decision.state })
}

/** What a record is judged on: the stream as it is read, and as earlier records of the import leave it. */
type ImportBasis = { readonly folded: FoldedStream; readonly state: State; readonly past?: Past }

/** What the stream will hold once a record was brought in that the same import named before. */
const basisAfter = (judged: Judged): E.Either<Failure, ImportBasis> =>
  pipe(
    decidedOn(judged),
    E.map((decided) => {
      const { folded, state, past } = judged
      if (decided === undefined) return { folded, state, past }
      return { folded, state: decided.after, past: extendPastByDecided(past, [decided.event]) }
    })
  )

const basisInStore = async (settings: Settings, stream: string): Promise<E.Either<Failure, ImportBasis>> =>
  pipe(
    await readState(settings)(stream)(),
    E.map((folded) => ({ folded, state: folded.state }))
  )

const basisWithPast = async (settings: Settings, stream: string): Promise<E.Either<Failure, ImportBasis>> =>
  pipe(
    await readPast(settings)(stream, settings.timer.monotonicMs() + settings.deadlineMs)(),
    E.map(({ past, folded }) => ({ folded, past, state: folded.state }))
  )

/**
 * Judges a record against its key's stream, and against the same key earlier in the import: what is to be written, or
 * nothing where it stands already. A key that is held differently is `ImportRefused`.
 */
export const judge = async (
  settings: Settings,
  command: Import,
  earlier: Judged | undefined
): Promise<E.Either<Failure, Judged | undefined>> => {
  const stream = streamName(settings.category, command.record.recordId)
  let basis = earlier === undefined ? await basisInStore(settings, stream) : basisAfter(earlier)
  if (E.isLeft(basis)) return basis
  if (basis.right.past === undefined && epochOf(basis.right.state) > 0) {
    // whether it was brought in before only the past can tell
    basis = await basisWithPast(settings, stream)
    if (E.isLeft(basis)) return basis
  }
  const { folded, state, past = noPast } = basis.right
  return pipe(
    decidedOn({ command, state, past }),
    E.map((decided) => decided && { stream, command, folded, state, past })
  )
}

/** Judges all records before any is written: those that are to be. One that is no record fails all of them. */
export const judgeAll = async (
  settings: Settings,
  commands: Iterable<Parsed<Import>>,
  checked: () => Promise<void>,
  signal?: AbortSignal
): Promise<E.Either<Failure, ReadonlyArray<Judged>>> => {
  const toWrite = new Map<string, Judged>()
  for (const command of commands) {
    if (signal?.aborted === true) return E.left(aborted)
    if (E.isLeft(command)) return command
    const { recordId } = command.right.record
    const judged = await judge(settings, command.right, toWrite.get(recordId))
    if (E.isLeft(judged)) return judged
    if (judged.right !== undefined) toWrite.set(recordId, judged.right)
    await checked()
  }
  return E.right([...toWrite.values()])
}
