import * as E from 'fp-ts/Either'
import type { ReserveAnswer, Reserved } from '../answers.ts'
import type { Reserve } from '../commands.ts'
import { decide } from '../decide/decide.ts'
import { type ReserveRow, reserveRow } from '../decide/reserve-rows.ts'
import type { LedgerEvent } from '../events/ledger-event.ts'
import type { Failure } from '../failure.ts'
import { extendPast, noPast } from '../past.ts'
import type { Dated } from './moment.ts'

/** An answer that was never given has no claim. */
export type ExplainedAnswer = Exclude<ReserveAnswer, Reserved> | Omit<Reserved, 'claim'>

/** What `reserve` would have answered, and by which row of its decision table; the events that it would have written. */
export type Explained = {
  /** The row of the decision table that fitted first. */
  readonly row: ReserveRow
  /** The same in words. */
  readonly why: string
  /** What the caller would have been told, but for the claim. */
  readonly answer: ExplainedAnswer
  /** What would have been written. */
  readonly events: ReadonlyArray<LedgerEvent>
}

/** Each row of the decision table of `reserve` in words. */
export const rowsInWords: { readonly [row in ReserveRow]: string } = {
  free: 'nobody holds the key: it is reserved',
  stillGone: 'the key is past its retention, and policy does not let it be used again: gone',
  inDoubt:
    'the holder does not know whether its effect happened: neither lease nor retention ends that, and nobody takes over',
  retentionOver: 'the retention of the record is over, and no lease of it runs: it ends, and the key is reserved anew',
  gone: 'the retention of the record is over, and policy does not let the key be used again: it ends, and is gone',
  otherRequest: 'the key is held by a request with another fingerprint: conflict',
  replay: 'the same request was completed before: duplicate, with its outcome',
  ownClaim: 'the holder itself asks again, under its own claim: its reservation is granted once more',
  leaseOver: 'the same request holds the key without an outcome, and its lease is over: it is taken over',
  takeoverRefused:
    'the same request holds the key without an outcome, and policy does not let anybody take over though its lease is over: duplicate',
  inFlight: 'the same request holds the key without an outcome, and no lease of it is over: duplicate, in flight'
}

const withoutClaim = (answer: ReserveAnswer): ExplainedAnswer => {
  if (answer._tag !== 'Reserved') return answer
  const { claim: _, ...rest } = answer
  return rest
}

/** Decides a reserve on the events that stood at a moment, by the very table that a ledger decides by. Pure. */
export const explain = (command: Reserve, standing: ReadonlyArray<Dated>): E.Either<Failure, Explained> => {
  const past = extendPast(
    noPast,
    standing.map(({ event }) => event)
  )
  const decision = decide(command, past.state, past)
  if (decision._tag === 'Refused') return E.left(decision.failure)
  const row = reserveRow(command, past.state)
  return E.right({ row, why: rowsInWords[row], answer: withoutClaim(decision.answer), events: decision.events })
}
