import type { Position as ClientPosition } from '@eventstore/db-client'
import * as E from 'fp-ts/Either'
import type { Position, StoreError } from '../../application/ports/event-store.ts'
import { invalidInput } from '../../domain/failure.ts'

const form = /^(\d{1,20})\/(\d{1,20})$/

/** Both parts, always: servers send checkpoints whose parts differ, and resuming from one part twice skips events. */
export const toPosition = ({ commit, prepare }: ClientPosition): Position => `${commit}/${prepare}`

/** Reads a position that this store gave before. */
export const fromPosition = (position: Position | 'start'): E.Either<StoreError, ClientPosition | 'start'> => {
  if (position === 'start') return E.right('start')
  const [, commit, prepare] = form.exec(position) ?? []
  return commit === undefined || prepare === undefined
    ? E.left(invalidInput(`"${position}" is no position of an EventStoreDB log: it must read commit/prepare`))
    : E.right({ commit: BigInt(commit), prepare: BigInt(prepare) })
}

/** Whether `a` comes after `b` in the log. */
export const isAfter = (a: ClientPosition, b: ClientPosition | 'start'): boolean =>
  b === 'start' || a.commit > b.commit || (a.commit === b.commit && a.prepare > b.prepare)
