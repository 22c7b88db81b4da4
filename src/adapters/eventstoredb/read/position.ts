import * as E from 'fp-ts/Either'
import type { Position, StoreError } from '../../../application/ports/event-store.ts'
import { invalidInput } from '../../../domain/failure.ts'
import { quoted } from '../../../domain/text.ts'
import { numberOf } from '../calls/revision.ts'

/** A place in the log: two numbers of up to 63 bits. */
export type LogPosition = { readonly commit: bigint; readonly prepare: bigint }

const form = /^(\d{1,20})\/(\d{1,20})$/

/** Both parts, always: servers send checkpoints whose parts differ, and resuming from one part twice skips events. */
export const toPosition = ({ commit, prepare }: LogPosition): Position => `${commit}/${prepare}`

/** What a server says is a position; undefined where it cannot be one: 2^63 and more is none, 2^64 - 1 means the end. */
export const positionIn = (commit: string, prepare: string): LogPosition | undefined => {
  const [first, second] = [numberOf(commit), numberOf(prepare)]
  return first === undefined || second === undefined || second > first ? undefined : { commit: first, prepare: second }
}

const refused = (message: string): E.Either<StoreError, never> => E.left(invalidInput(message, '$.after'))

const whyNot = (commit: string): string =>
  numberOf(commit) === undefined
    ? 'its parts are below 2^63. Servers from 24.6 to 24.10.4 sent 2^64 - 1 as a checkpoint, and an older keyfold kept ' +
      'it: go on from the last event that was handled, or from the start'
    : 'the second part is never above the first'

/**
 * Reads a position that this store gave before. One that no log has is refused here: a server fails a read from there in
 * a way that looks like an outage, or takes it for the end and passes over what comes.
 */
export const fromPosition = (position: Position | 'start'): E.Either<StoreError, LogPosition | 'start'> => {
  if (position === 'start') return E.right('start')
  const [, commit, prepare] = form.exec(position) ?? []
  if (commit === undefined || prepare === undefined) {
    return refused(`"${quoted(String(position))}" is no position of an EventStoreDB log: it must read commit/prepare`)
  }
  const parsed = positionIn(commit, prepare)
  if (parsed === undefined) return refused(`${commit}/${prepare} is no position of a log: ${whyNot(commit)}`)
  return E.right(parsed)
}

/** Whether `a` comes after `b` in the log. */
export const isAfter = (a: LogPosition, b: LogPosition | 'start'): boolean =>
  b === 'start' || a.commit > b.commit || (a.commit === b.commit && a.prepare > b.prepare)
