import { randomUUID } from 'node:crypto'
import type { JSONValue } from '@aws-lambda-powertools/commons/types'
import {
  IdempotencyAlreadyInProgressError,
  IdempotencyConfig,
  IdempotencyItemAlreadyExistsError,
  IdempotencyItemNotFoundError,
  IdempotencyPersistenceLayerError,
  IdempotencyValidationError,
  makeIdempotent
} from '@aws-lambda-powertools/idempotency'
import { BasePersistenceLayer, IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence'
import type { IdempotencyRecordOptions } from '@aws-lambda-powertools/idempotency/types'

export type Item = Omit<IdempotencyRecordOptions, 'idempotencyKey'> & { readonly token: string }

/** Any store with conditional writes. */
export type Items = {
  readonly get: (key: string) => Promise<Item | undefined>
  /** Writes an item, or removes it, where the token of what stands there is this one. */
  readonly swap: (key: string, token: string | undefined, item: Item | undefined) => Promise<boolean>
}

class ClaimLost extends Error {}

/** A key as one call holds it: fenced by a token, renewed while the call runs. The peer's own layers do neither. */
class HeldKey extends BasePersistenceLayer {
  takeover = false
  heldUntilMs = 0
  readonly lost = new AbortController()
  readonly #token = randomUUID()
  readonly #items: Items
  readonly #leaseMs: number
  #timer: NodeJS.Timeout | undefined

  constructor(items: Items, leaseMs: number) {
    super()
    this.#items = items
    this.#leaseMs = leaseMs
  }

  protected async _putRecord({ idempotencyKey, payloadHash }: IdempotencyRecord): Promise<void> {
    const there = await this.#items.get(idempotencyKey)
    if (there !== undefined && this.#holds(idempotencyKey, there, payloadHash)) {
      this.heldUntilMs = there.inProgressExpiryTimestamp ?? 0
      const record = new IdempotencyRecord({ idempotencyKey, ...there })
      throw new IdempotencyItemAlreadyExistsError('the key is held', record)
    }
    this.takeover = there?.status === 'INPROGRESS'
    const held = (): Item => ({
      token: this.#token,
      status: 'INPROGRESS',
      inProgressExpiryTimestamp: Date.now() + this.#leaseMs,
      ...(payloadHash !== undefined && { payloadHash })
    })
    if (!(await this.#items.swap(idempotencyKey, there?.token, held()))) {
      throw new IdempotencyItemAlreadyExistsError('another was faster')
    }
    const renew = async (): Promise<void> => {
      if (!(await this.#items.swap(idempotencyKey, this.#token, held()))) this.lost.abort()
    }
    this.#timer = setInterval(() => void renew().catch(() => this.lost.abort()), this.#leaseMs / 3)
  }

  protected async _getRecord(idempotencyKey: string): Promise<IdempotencyRecord> {
    const there = await this.#items.get(idempotencyKey)
    if (there === undefined) throw new IdempotencyItemNotFoundError('the key is free')
    this.heldUntilMs = there.inProgressExpiryTimestamp ?? 0
    return new IdempotencyRecord({ idempotencyKey, ...there })
  }

  protected async _updateRecord({ idempotencyKey, ...record }: IdempotencyRecord): Promise<void> {
    clearInterval(this.#timer)
    const item: Item = { ...record, status: 'COMPLETED', token: this.#token }
    if (!(await this.#items.swap(idempotencyKey, this.#token, item))) throw new ClaimLost()
  }

  /** After a takeover the one before may have acted: the lease is left to lapse. */
  protected async _deleteRecord({ idempotencyKey }: IdempotencyRecord): Promise<void> {
    clearInterval(this.#timer)
    if (!this.takeover) await this.#items.swap(idempotencyKey, this.#token, undefined)
  }

  #holds(idempotencyKey: string, there: Item, payloadHash: string | undefined): boolean {
    if (new IdempotencyRecord({ idempotencyKey, ...there }).isExpired()) return false
    const isOver = there.status === 'INPROGRESS' && (there.inProgressExpiryTimestamp ?? 0) <= Date.now()
    return !isOver || there.payloadHash !== payloadHash
  }
}

export type Answer<A> =
  | { readonly _tag: 'Ran'; readonly value: A }
  | { readonly _tag: 'Replayed'; readonly value: A }
  | { readonly _tag: 'Failed'; readonly message: string }
  | { readonly _tag: 'InDoubt'; readonly message: string }
  | { readonly _tag: 'InFlight'; readonly retryAfterMs: number }
  | { readonly _tag: 'Conflict' | 'Released' | 'ClaimLost' | 'Unrecorded' }

export type Rules<A> = {
  readonly operation: string
  readonly key: string
  readonly payload: JSONValue
  readonly leaseMs: number
  readonly retentionSeconds: number
  readonly onThrow: (error: unknown) => 'transient' | 'definitive' | 'ambiguous'
  /** What an earlier holder did that left no outcome, if anything. */
  readonly recover?: () => Promise<A | undefined>
}

type Stored<A> = Extract<Answer<A>, { readonly _tag: 'Ran' | 'Failed' | 'InDoubt' }>

/** Runs a task once, as the peer does it, and answers what the peer throws. */
export const held = async <A>(
  items: Items,
  { operation, key, payload, leaseMs, retentionSeconds, onThrow, recover }: Rules<A>,
  task: (signal: AbortSignal) => Promise<A>
): Promise<Answer<A>> => {
  const persistenceStore = new HeldKey(items, leaseMs)
  const run = { result: 'none' as 'none' | 'thrown' | 'made' }
  const work = async (_: { readonly key: string; readonly payload: JSONValue }): Promise<Stored<A>> => {
    try {
      const found = persistenceStore.takeover ? await recover?.() : undefined
      const value = found ?? (await task(persistenceStore.lost.signal))
      run.result = 'made'
      return { _tag: 'Ran', value }
    } catch (error) {
      const kind = onThrow(error)
      run.result = kind === 'transient' ? 'thrown' : 'made'
      if (kind === 'transient') throw error
      return { _tag: kind === 'definitive' ? 'Failed' : 'InDoubt', message: String(error) }
    }
  }
  const config = new IdempotencyConfig({
    eventKeyJmesPath: 'key',
    payloadValidationJmesPath: 'payload',
    throwOnNoIdempotencyKey: true,
    expiresAfterSeconds: retentionSeconds,
    lambdaContext: { getRemainingTimeInMillis: () => leaseMs }
  })
  try {
    const answer = await makeIdempotent(work, { persistenceStore, config, keyPrefix: operation })({ key, payload })
    return answer._tag === 'Ran' && run.result === 'none' ? { ...answer, _tag: 'Replayed' } : answer
  } catch (error) {
    if (error instanceof IdempotencyValidationError) return { _tag: 'Conflict' }
    if (error instanceof IdempotencyAlreadyInProgressError) {
      return { _tag: 'InFlight', retryAfterMs: Math.max(persistenceStore.heldUntilMs - Date.now(), 0) }
    }
    if (error instanceof IdempotencyPersistenceLayerError) {
      if (error.cause instanceof ClaimLost) return { _tag: 'ClaimLost' }
      // the task ran, and that could not be stored
      if (run.result === 'made') return { _tag: 'Unrecorded' }
    }
    if (run.result === 'thrown') return { _tag: 'Released' }
    throw error
  }
}
