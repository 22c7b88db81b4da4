import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { Difference, OtherPolicy } from '../../../../domain/audit/what-if/difference.ts'
import type { Policy } from '../../../../domain/commands.ts'
import { having } from '../../../../domain/parsing/having.ts'
import { noOthers } from '../../../../domain/parsing/known-members.ts'
import { allOf, both, defaulted, oneOf, optional, type Parsed } from '../../../../domain/parsing/parsed.ts'
import { millis } from '../../../../domain/parsing/values.ts'
import { leaseOrNone } from '../../../requests/lease-length.ts'
import { listener } from '../../../requests/listener.ts'
import type { KeyRef } from '../../../requests/requests.ts'
import { signal } from '../../../requests/signal.ts'
import type { Settings } from '../../../settings.ts'
import type { UnreadableStream } from '../../../stream/scan.ts'
import { streamOf } from '../stream-of.ts'

/** What is to have been otherwise, and whose requests are looked at. */
export type WhatIfOptions = {
  /** Only the requests of this key. Those of all keys of the ledger's category where it is left out. */
  readonly of?: KeyRef | undefined
  /** What takes the place of the ledger's own policy; what is left out stays. */
  readonly policy?:
    | {
        /** Whether a key may be reserved again after its retention. */
        readonly reuseAfterExpiry?: Policy['reuseAfterExpiry'] | undefined
        /** Whether a lease that is over is taken over. */
        readonly takeover?: Policy['takeover'] | undefined
        /** How long after its end a lease still counts as running, ms. */
        readonly clockSkewMs?: number | undefined
      }
    | undefined
  /** What takes the place of every lease, ms. */
  readonly lease?: number | 'none' | undefined
  /** What takes the place of every retention, ms from completion on. */
  readonly retentionMs?: number | undefined
  /** Told of each request that would have been answered differently. One that throws ends the run: `Aborted`. */
  readonly onDifference?: ((difference: KeyDifference) => void) | undefined
  /** Told after each page of the log how far the run is. One that throws ends the run: `Aborted`. */
  readonly onProgress?: ((progress: Pick<WhatIf, 'keys' | 'requests' | 'differing'>) => void) | undefined
  /** Ends the run before its next page: `Aborted`. */
  readonly signal?: AbortSignal | undefined
}

/** A request that would have been answered differently, and whose it was. */
export type KeyDifference = Difference & {
  /** The key's record id. */
  readonly recordId: string
}

/** What another policy would have changed. */
export type WhatIf = {
  /** How many keys were looked at. */
  readonly keys: number
  /** How many requests the history tells of. Those that left no event (a retry of one's own reserve, say) are not told. */
  readonly requests: number
  /** Of how many of them only the number, the owners, and the times of the first and the last are known. */
  readonly merged: number
  /** How many requests would have been answered differently. */
  readonly differing: number
  /** The first thousand; `onDifference` is told of all. */
  readonly differences: ReadonlyArray<KeyDifference>
  /** Streams that could not be read, the first thousand. */
  readonly unreadable: ReadonlyArray<UnreadableStream>
  /** How many there were. */
  readonly unreadableCount: number
}

/** The options, once they are parsed. */
export type Options = Pick<WhatIfOptions, 'onDifference' | 'onProgress' | 'signal'> & {
  readonly stream: string | undefined
  readonly other: OtherPolicy
}

export const whatIfMembers = noOthers<WhatIfOptions>({
  of: true,
  policy: true,
  lease: true,
  retentionMs: true,
  onDifference: true,
  onProgress: true,
  signal: true
})

const policyMembers = noOthers<Policy>({ reuseAfterExpiry: true, takeover: true, clockSkewMs: true })

const policyOf = ({ policy: own }: Settings, given: WhatIfOptions['policy'] = {}): Parsed<Policy> =>
  pipe(
    both(having({}), policyMembers)('$.policy', given),
    E.flatMap(() =>
      allOf<Policy>({
        reuseAfterExpiry: defaulted(oneOf<Policy['reuseAfterExpiry']>('allow', 'reject'), own.reuseAfterExpiry)(
          '$.policy.reuseAfterExpiry',
          given.reuseAfterExpiry
        ),
        takeover: defaulted(oneOf<Policy['takeover']>('allow', 'refuse'), own.takeover)(
          '$.policy.takeover',
          given.takeover
        ),
        clockSkewMs: defaulted(millis, own.clockSkewMs)('$.policy.clockSkewMs', given.clockSkewMs)
      })
    )
  )

export const parseOptions = (settings: Settings, options: WhatIfOptions): Parsed<Options> =>
  pipe(
    allOf({
      stream: streamOf(settings, options.of),
      policy: policyOf(settings, options.policy),
      lease: optional(leaseOrNone)('$.lease', options.lease),
      retentionMs: optional(millis)('$.retentionMs', options.retentionMs),
      onDifference: listener('$.onDifference', options.onDifference),
      onProgress: listener('$.onProgress', options.onProgress),
      signal: signal('$.signal', options.signal)
    }),
    E.map(({ policy, lease, retentionMs, ...rest }) => ({ ...rest, other: { policy, lease, retentionMs } }))
  )
