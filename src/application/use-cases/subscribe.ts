import * as E from 'fp-ts/Either'
import { type EventType, eventTypes } from '../../domain/events/ledger-event.ts'
import { type Failure, failure } from '../../domain/failure.ts'
import { recordIdIn } from '../../domain/identity.ts'
import { having, optionsOf } from '../../domain/parsing/having.ts'
import { both, keeping, oneOf, optional, type Parsed } from '../../domain/parsing/parsed.ts'
import { bool, isMembers, string } from '../../domain/parsing/values.ts'
import type { Position } from '../ports/event-store.ts'
import { tenantMembers } from '../requests/members.ts'
import type { TenantInput } from '../requests/requests.ts'
import { signal } from '../requests/signal.ts'
import type { Settings } from '../settings.ts'
import { type Followed, follow } from '../stream/follow.ts'
import { unread } from '../stream/following-streams.ts'
import { type KeyIdentity, keyIdentities } from '../stream/key-identity.ts'
import { entryOf, type HistoryEntry } from './history.ts'

/** What to hear of the log; what is left out does not narrow it. */
export type LedgerSubscription = {
  /** Goes on after this position, exclusive: of an entry or of a checkpoint. From the start where it is left out. */
  readonly after?: Position | undefined
  /** Only keys of this tenant: the same organisation, workspace and deployment. */
  readonly tenant?: TenantInput | undefined
  /** The operation. */
  readonly operation?: string | undefined
  /** Only events of these types. */
  readonly eventTypes?: ReadonlyArray<EventType> | undefined
  /** Tells with each entry whose it is, as with a filter by tenant or operation: a key unknown so far costs a read. */
  readonly identify?: boolean | undefined
  /** Gives it up. */
  readonly signal?: AbortSignal | undefined
  /** `fail`, the default, ends by an event that cannot be read; `tell` goes on after it has told of it. */
  readonly unreadable?: 'fail' | 'tell' | undefined
}

/** What a subscription of a ledger delivers, in log order, at least once. */
export type LedgerMessage =
  | {
      readonly _tag: 'Event'
      /** A place in the log, as the store tells it. */
      readonly position: Position
      /** The record id of the key. */
      readonly recordId: string
      /** The event, as `history` gives it. */
      readonly entry: HistoryEntry
      /** Whose key it is: where a filter asks, or `identify`. */
      readonly identity?: KeyIdentity
    }
  | {
      readonly _tag: 'Unreadable'
      /** A place in the log, as the store tells it. */
      readonly position: Position
      /** Where its stream can be named. */
      readonly recordId?: string
      /** Where it stands in its stream. */
      readonly revision?: bigint
      /** Why it cannot be read. */
      readonly failure: Failure
    }
  /** So far the log was read: worth keeping where little of it fits the filter. */
  | {
      readonly _tag: 'Checkpoint'
      /** How far. */
      readonly position: Position
    }
  /** The end of the log was reached, once; what comes now is live. */
  | { readonly _tag: 'CaughtUp' }

const isTypes = (value: unknown): boolean =>
  Array.isArray(value) && value.every((type) => eventTypes.some((known) => known === type))

const rules = both(
  keeping(isMembers, 'must be the options of a subscription'),
  optionsOf({
    after: optional(string),
    operation: optional(string),
    tenant: optional(
      both(tenantMembers, having({ orgId: string, workspaceId: string, deploymentId: optional(string) }))
    ),
    eventTypes: optional(keeping(isTypes, `must be among ${eventTypes.join(', ')}`)),
    identify: optional(bool),
    signal,
    unreadable: optional(oneOf('fail', 'tell'))
  })
)

const parse = (given: LedgerSubscription): Parsed<LedgerSubscription> => {
  const parsed = rules('$', given)
  return E.isLeft(parsed) ? parsed : E.right(given)
}

const fits = ({ tenant, operation }: LedgerSubscription, its: KeyIdentity): boolean =>
  (operation === undefined || operation === its.operation) &&
  (tenant === undefined ||
    (tenant.orgId === its.tenant.orgId &&
      tenant.workspaceId === its.tenant.workspaceId &&
      (tenant.deploymentId || undefined) === (its.tenant.deploymentId || undefined)))

const unreadableOf = ({ event }: Extract<Followed, { readonly _tag: 'Unreadable' }>): LedgerMessage => {
  const { position, stream, revision, error } = event
  return {
    _tag: 'Unreadable',
    position,
    ...(stream !== undefined && { recordId: recordIdIn(stream) }),
    ...(revision !== undefined && { revision }),
    failure: error
  }
}

type Source = AsyncIterator<E.Either<Failure, Followed>, void, undefined>

type Message = E.Either<Failure, LedgerMessage>

/** What there is to deliver; returns what it cannot go on after. */
async function* delivered(
  settings: Settings,
  given: LedgerSubscription,
  source: Source
): AsyncGenerator<Message, E.Either<Failure, never> | undefined, undefined> {
  const { tenant, operation, eventTypes: types, identify = false, unreadable = 'fail' } = given
  const asks = tenant !== undefined || operation !== undefined || identify
  const identities = keyIdentities(settings)
  for (let next = await source.next(); next.done !== true; next = await source.next()) {
    if (E.isLeft(next.value)) return next.value
    const followed = next.value.right
    if (followed._tag === 'Checkpoint' || followed._tag === 'CaughtUp') {
      yield E.right(followed)
      continue
    }
    if (followed._tag === 'Unreadable') {
      if (unreadable === 'fail') return E.left(followed.event.error)
      // whose it is nobody can tell: whoever filters hears of it all the same
      yield E.right(unreadableOf(followed))
      continue
    }
    const { decoded } = followed
    const { stream, position } = decoded.recorded
    const recordId = recordIdIn(stream)
    const isWanted = types === undefined || types.includes(decoded.event.type)
    // a reservation of another type's filter still tells whose key it is
    const known = asks ? identities.learn(decoded) : undefined
    if (!isWanted) {
      yield E.right({ _tag: 'Checkpoint', position })
      continue
    }
    const identity = asks && known === undefined ? await identities.find(stream) : E.right(known)
    if (E.isLeft(identity)) {
      // what the store could not tell just now is no fault of the event: told as one, nobody would be given it again
      if (unreadable === 'fail' || unread(identity.left)._tag === 'Failed') return identity
      yield E.right({
        _tag: 'Unreadable',
        position,
        recordId,
        revision: decoded.recorded.revision,
        failure: identity.left
      })
      continue
    }
    const its = identity.right
    if (its !== undefined && !fits(given, its)) yield E.right({ _tag: 'Checkpoint', position })
    else yield E.right({ _tag: 'Event', position, recordId, entry: entryOf(decoded), ...(its && { identity: its }) })
  }
  return undefined
}

/** The source is let go before the last message: not everybody asks for what comes after that. */
async function* messages(
  settings: Settings,
  given: LedgerSubscription,
  source: Source
): AsyncGenerator<Message, void, undefined> {
  let last: Message | undefined
  try {
    last = yield* delivered(settings, given, source)
  } finally {
    await source.return?.()
  }
  if (last !== undefined) yield last
}

const threw = (cause: unknown): Failure => failure('StoreUnavailable', 'the subscription broke', { cause })

/**
 * Follows all keys of the ledger, from a position on, and goes on live. The consumer's pace is the store's. Whoever turns
 * away, or aborts, ends it at once; a `Left` is the last message: `InvalidInput`, `CorruptStream` or `UnsupportedVersion`
 * by an event that cannot be read, or what the store failed with.
 */
export const subscribe =
  (settings: Settings) =>
  (options: LedgerSubscription = {}): AsyncIterable<Message, void, undefined> => ({
    [Symbol.asyncIterator]: () => {
      const parsed = parse(options)
      if (E.isLeft(parsed)) return refusal(parsed.left)
      const { after = 'start', signal: until } = parsed.right
      const source = follow(settings, { after, ...(until && { signal: until }) })[Symbol.asyncIterator]()
      const all = messages(settings, parsed.right, source)
      return {
        next: async () => {
          try {
            return await all.next()
          } catch (cause) {
            return { done: false, value: E.left(threw(cause)) }
          }
        },
        return: async () => {
          await source.return?.()
          return all.return()
        }
      }
    }
  })

async function* refusal(fault: Failure): AsyncGenerator<E.Either<Failure, never>, void, undefined> {
  yield E.left(fault)
}
