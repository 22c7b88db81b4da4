import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../../domain/failure.ts'
import type { Engine } from '../../engine/engine.ts'
import { aborted, weigh } from '../../engine/submission.ts'
import { fixAppend } from '../../engine/transact/fix-append.ts'
import { pause } from '../../engine/watch/back-off.ts'
import type { Append, AppendAtomically, AppendFailure } from '../../ports/event-store.ts'
import type { Settings } from '../../settings.ts'
import { type Decided, decidedOn, type Judged, judgeAll } from './judge.ts'

const provenance = {}

/** Called after each record that is written, so that others get their turn. */
type Told = () => Promise<void>

/** Writes records one after another, as commands of their keys; tells how many it brought in. */
export const writeEach = async (
  engine: Engine,
  toWrite: ReadonlyArray<Judged>,
  written: Told,
  signal: AbortSignal | undefined
): Promise<E.Either<Failure, number>> => {
  let imported = 0
  for (const { command } of toWrite) {
    const { record, atMs } = command
    const result = await engine.submit(record.recordId, {
      at: () => command,
      nowMs: atMs,
      provenance,
      signal,
      optimistic: true,
      weight: () => weigh(record)
    })()
    if (E.isLeft(result)) return result
    if (result.right._tag === 'Imported') imported++
    await written()
  }
  return E.right(imported)
}

/** What was judged to be written is: to decide is pure. Were it not, nothing of the import is to be written. */
const decidedAgain = (judged: Judged): Decided => {
  const decided = decidedOn(judged)
  if (E.isLeft(decided)) throw new Error(decided.left.message)
  if (decided.right === undefined) throw new Error(`${judged.stream} was to be brought in, and stands already`)
  return decided.right
}

async function* appendsOf(
  settings: Settings,
  toWrite: ReadonlyArray<Judged>,
  written: Told,
  signal: AbortSignal | undefined
): AsyncGenerator<Append> {
  for (const judged of toWrite) {
    // a source that throws takes the whole transaction back
    if (signal?.aborted === true) throw new Error(aborted.message)
    const { event, after } = decidedAgain(judged)
    yield fixAppend(settings, judged.stream, judged.folded, [{ event, provenance }], after).append
    await written()
  }
}

const definite = (failed: Exclude<AppendFailure, { readonly _tag: 'OutcomeUnknown' }>): Failure =>
  failed._tag === 'NotWritten'
    ? failed.error
    : failure('Contended', 'a key was written by others during the import; nothing was imported')

const inDoubt = (cause: Failure): Failure =>
  failure('AppendUnknown', 'whether the import was written could not be found out; run it again', { cause })

const untold: Told = async () => undefined

/**
 * Writes all records in one transaction, or none. Where its outcome is unknown, the streams tell: they hold every
 * record, or it is tried again; a record is only ever brought in on a vacant key, so that no try can add to another.
 */
export const writeAtomically = async (
  settings: Settings,
  appendAtomically: AppendAtomically,
  toWrite: ReadonlyArray<Judged>,
  written: Told,
  signal: AbortSignal | undefined
): Promise<E.Either<Failure, number>> => {
  const { timer } = settings
  let left = toWrite
  let doubt: Failure | undefined
  // so many records take their time: the deadline is for finding out
  let deadlineAt: number | undefined
  for (let attempt = 0; ; attempt++) {
    const result = await appendAtomically(appendsOf(settings, left, attempt === 0 ? written : untold, signal))()
    if (E.isRight(result)) return E.right(toWrite.length)
    if (result.left._tag === 'OutcomeUnknown') doubt = result.left.error
    // a try that surely wrote nothing tells nothing of one before it that is in doubt
    else if (doubt === undefined) return E.left(signal?.aborted === true ? aborted : definite(result.left))
    deadlineAt ??= timer.monotonicMs() + settings.deadlineMs
    if (timer.monotonicMs() >= deadlineAt) return E.left(inDoubt(doubt))
    await pause(settings, attempt, deadlineAt)()
    const commands = toWrite.map(({ command }) => E.right(command))
    const missing = await judgeAll(settings, commands, untold)
    if (E.isRight(missing)) left = missing.right
    else if (missing.left._tag === 'ImportRefused') return missing
    else doubt = missing.left
    if (left.length === 0) return E.right(toWrite.length)
  }
}
