import { claimHashOf } from '../claim.ts'
import type { Sha256 } from '../hash-parts.ts'
import type { EventType } from './ledger-event.ts'

type Fields = { readonly [name: string]: unknown }

/** Turns data of one schema version into data of the next. Pure; never sees an older or newer version than its own. */
export type Upcaster = (data: Fields, sha256: Sha256) => Fields

/** Per type, the upcasters from version 1 on: the first makes version 2 of version 1, and so forth. */
export type Upcasters = { readonly [T in EventType]: ReadonlyArray<Upcaster> }

/** Version 1 held the claim id itself, which is the holder's secret. What is no text is left for the codec to refuse. */
const hashClaim: Upcaster = ({ claimHash: _, claimId, ...rest }, sha256) =>
  claimId === undefined
    ? rest
    : { ...rest, claimHash: typeof claimId === 'string' ? claimHashOf(sha256)(claimId) : claimId }

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const hashClaims: Upcaster = ({ after, ...rest }, sha256) => ({
  ...hashClaim(rest, sha256),
  ...(after === undefined ? {} : { after: isFields(after) ? hashClaim(after, sha256) : after })
})

/** A version that can say more, and says all that the one before it said as that did. */
const asBefore: Upcaster = (data) => data

export const upcasters: Upcasters = {
  Reserved: [hashClaims, asBefore],
  DuplicateSeen: [],
  ConflictRecorded: [],
  Completed: [hashClaim],
  Expired: [],
  LeaseRenewed: [hashClaim],
  CompletionRejected: [hashClaim],
  RecoveryPointReached: [],
  MarkedInDoubt: [],
  Imported: [asBefore]
}

/** Data of `version` as the newest version has it. What is no object is left for the codec to refuse. */
export const upcast = (chain: ReadonlyArray<Upcaster>, version: number, data: unknown, sha256: Sha256): unknown =>
  version > chain.length || !isFields(data)
    ? data
    : chain.slice(version - 1).reduce((older, next) => next(older, sha256), data)
