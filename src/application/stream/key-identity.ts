import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../domain/failure.ts'
import { recordIdIn } from '../../domain/identity.ts'
import type { Tenant } from '../../domain/tenant.ts'
import type { Settings } from '../settings.ts'
import { type DecodedEvent, decodeRecorded } from './event-text.ts'
import { recent } from './recent.ts'

/** Whose key it is. Only a key's `Reserved` and `Imported` say so, and all of them say the same. */
export type KeyIdentity = {
  /** Whose it is. */
  readonly tenant: Tenant
  /** What for. */
  readonly operation: string
}

/** How much is remembered of keys, in characters: as of some 30,000 keys with names of a usual length. */
const most = 8_000_000

/** How far a stream is searched whose first event does not say: where a store was told to keep the last ones alone. */
const pageSize = 256
const mostPages = 40

export type KeyIdentities = {
  /** Takes in what an event says of its key, and tells what is known. */
  readonly learn: (event: DecodedEvent) => KeyIdentity | undefined
  /** What the key's own stream says. */
  readonly find: (stream: string) => Promise<E.Either<Failure, KeyIdentity>>
}

const identityIn = ({ event }: DecodedEvent): KeyIdentity | undefined => {
  if (event.type === 'Reserved') return { tenant: event.data.tenant, operation: event.data.operation }
  if (event.type !== 'Imported') return undefined
  return { tenant: event.data.record.tenant, operation: event.data.record.operation }
}

const weightOf = (stream: string, { tenant, operation }: KeyIdentity): number => {
  const { orgId, workspaceId, deploymentId = '', actorId = '' } = tenant
  return (
    100 + stream.length + orgId.length + workspaceId.length + deploymentId.length + actorId.length + operation.length
  )
}

const unknown = (stream: string): Failure => {
  const recordId = recordIdIn(stream)
  return failure('CorruptStream', `${recordId}: none of its events says whose key it is`, { recordId })
}

/** Remembers whose keys are; bounded. What it forgot, or never saw, the key's stream tells: also after a resume. */
export const keyIdentities = ({ store, sha256 }: Pick<Settings, 'store' | 'sha256'>): KeyIdentities => {
  const known = recent<KeyIdentity>(most)
  const remember = (stream: string, identity: KeyIdentity): KeyIdentity => {
    known.set(stream, identity, weightOf(stream, identity))
    return identity
  }
  return {
    learn: (event) => {
      const { stream } = event.recorded
      const there = known.get(stream)
      if (there !== undefined) return there
      const its = identityIn(event)
      return its && remember(stream, its)
    },
    find: async (stream) => {
      let next = 0n
      for (let page = 0; page < mostPages; page++) {
        // the first event says it, but for what was removed
        const read = await store.readStream(stream, 'forwards', next, page === 0 ? 1 : pageSize)()
        if (E.isLeft(read)) return read
        for (const recorded of read.right) {
          const decoded = decodeRecorded(sha256)(recorded)
          const its = E.isRight(decoded) ? identityIn(decoded.right) : undefined
          if (its !== undefined) return E.right(remember(stream, its))
          next = recorded.revision + 1n
        }
        if (read.right.length === 0) break
      }
      return E.left(unknown(stream))
    }
  }
}
