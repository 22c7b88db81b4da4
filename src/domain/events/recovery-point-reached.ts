import * as t from 'io-ts'
import { ClaimHash } from '../claim.ts'
import { Epoch } from '../epoch.ts'
import { Instant } from '../instant.ts'
import type { Json } from '../json.ts'
import { StoredJson } from '../stored-json.ts'

/** The holder got so far: whoever takes over goes on from here. */
export type RecoveryPointReachedData = {
  readonly atMs: Instant
  readonly epoch: number
  readonly claimHash: ClaimHash
  readonly name: string
  readonly data?: Json | undefined
}

/** Wire format. */
export const RecoveryPointReachedData = t.intersection([
  t.type({ atMs: Instant, epoch: Epoch, claimHash: ClaimHash, name: t.string }),
  t.partial({ data: StoredJson })
])

export type RecoveryPointReached = { readonly type: 'RecoveryPointReached'; readonly data: RecoveryPointReachedData }
