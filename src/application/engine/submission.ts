import type { IO } from 'fp-ts/IO'
import type { Answer } from '../../domain/answers.ts'
import type { Claim } from '../../domain/claim.ts'
import type { Command } from '../../domain/commands.ts'
import type { LedgerEvent } from '../../domain/events/ledger-event.ts'
import { type Failure, failure } from '../../domain/failure.ts'
import type { Instant } from '../../domain/instant.ts'
import { utf8Bytes } from '../../domain/text.ts'

/** Who wrote an event and why, kept in its metadata. */
export type Provenance = {
  readonly actor?: string | undefined
  readonly correlationId?: string | undefined
  readonly causationId?: string | undefined
}

export type PlannedEvent = { readonly event: LedgerEvent; readonly provenance: Provenance }

/** A command on its way: what it says at a given time, and what goes with it. */
export type Submission<C extends Command = Command> = {
  /** The command at a time. A clock's time is taken anew at each decision, a caller's is kept. */
  readonly at: (atMs: Instant) => C
  readonly nowMs: Instant | undefined
  readonly provenance: Provenance
  readonly signal: AbortSignal | undefined
  /** Whether it is worth trying before anything is read: a reserve, which is mostly the first of its key. */
  readonly optimistic: boolean
  /** How many bytes its events add to an append, at least about. Asked only where commands wait together. */
  readonly weight: IO<number>
}

/** What the events of a command cost beside what the command says: their ids, types, names of fields and hashes. */
const overhead = 640

/** The weight of what a command says. */
export const weigh = (said: unknown): number => overhead + utf8Bytes(JSON.stringify(said))

/** The answer to a caller who gave up before the command was decided. */
export const aborted = failure('Aborted', 'the caller gave up; nothing was written')

/** The same for whoever has to be asked: between two steps of a long reading. */
export const givenUp = (signal: AbortSignal | undefined) => (): Failure | undefined =>
  signal?.aborted === true ? aborted : undefined

/** The claim in an answer that grants one. */
export const claimIn = (answer: Answer): Claim | undefined => (answer._tag === 'Reserved' ? answer.claim : undefined)
