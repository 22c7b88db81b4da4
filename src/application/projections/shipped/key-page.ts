import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { noOthers } from '../../../domain/parsing/known-members.ts'
import { allOf, defaulted, matching, oneOf, optional, type Parsed } from '../../../domain/parsing/parsed.ts'
import { optionalInstant, string } from '../../../domain/parsing/values.ts'
import type { IdempotencyRecord, Status } from '../../../domain/record.ts'
import type { State } from '../../../domain/state.ts'
import { parseRequest } from '../../requests/parse-request.ts'
import type { RowReader } from '../row-reader.ts'

/** Which keys of the index to page through; what is left out does not narrow them. */
export type KeyFilter = {
  /** Only keys of this organisation. */
  readonly orgId?: string | undefined
  /** Only keys of this workspace. */
  readonly workspaceId?: string | undefined
  /** Only keys of this deployment. */
  readonly deploymentId?: string | undefined
  /** Only keys of this operation. */
  readonly operation?: string | undefined
  /** Only in this status; `free`: nobody holds it, and its last record is shown. */
  readonly status?: Status | 'free' | undefined
  /** Only those that this owner reserved last. */
  readonly owner?: string | undefined
  /** Only keys in whose text this stands, letter for letter. */
  readonly keyHas?: string | undefined
  /** Only those that were seen last at this time or later, epoch ms. */
  readonly seenFromMs?: number | undefined
  /** Only those that were seen last before this time, epoch ms. */
  readonly seenUntilMs?: number | undefined
  /** Goes on after this record id: the `next` of the page before. */
  readonly after?: string | undefined
  /** At most so many, 1 to 1,000; 100 where it is left out. */
  readonly limit?: number | undefined
}

/** A key of the index. */
export type IndexedKey = {
  /** Its record; the last one, where nobody holds it. */
  readonly record: IdempotencyRecord
  /** Whether somebody holds it. */
  readonly held: boolean
}

/** A page of keys, by record id. */
export type KeyPage = {
  /** The keys. */
  readonly keys: ReadonlyArray<IndexedKey>
  /** What to go on after; undefined where this was the last page. */
  readonly next: string | undefined
}

const text = optional(string)

const pageLength = matching(
  (value): value is number => Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= 1000,
  'must be a whole number from 1 to 1000'
)

const members = noOthers<KeyFilter>({
  orgId: true,
  workspaceId: true,
  deploymentId: true,
  operation: true,
  status: true,
  owner: true,
  keyHas: true,
  seenFromMs: true,
  seenUntilMs: true,
  after: true,
  limit: true
})

const parsed = (_: object, filter: KeyFilter) =>
  allOf({
    orgId: text('$.orgId', filter.orgId),
    workspaceId: text('$.workspaceId', filter.workspaceId),
    deploymentId: text('$.deploymentId', filter.deploymentId),
    operation: text('$.operation', filter.operation),
    status: optional(oneOf('reserved', 'completed', 'conflicted', 'free'))('$.status', filter.status),
    owner: text('$.owner', filter.owner),
    keyHas: text('$.keyHas', filter.keyHas),
    seenFromMs: optionalInstant('$.seenFromMs', filter.seenFromMs),
    seenUntilMs: optionalInstant('$.seenUntilMs', filter.seenUntilMs),
    after: text('$.after', filter.after),
    limit: defaulted(pageLength, 100)('$.limit', filter.limit)
  })

const keyIn = (state: State): IndexedKey | undefined => {
  if (state._tag === 'Held') return { record: state.record, held: true }
  return state.ended && { record: state.ended.record, held: false }
}

/** A page of keys that fit, by record id. */
export const keyPage = (filter: KeyFilter): Parsed<RowReader<State, KeyPage>> =>
  pipe(
    parseRequest({}, parsed, filter, members),
    E.map(({ limit, after, ...wanted }) => {
      const equals = (name: 'orgId' | 'workspaceId' | 'deploymentId' | 'operation' | 'owner', value = ''): boolean =>
        wanted[name] === undefined || wanted[name] === value
      const fits = ({ record, held }: IndexedKey): boolean =>
        equals('orgId', record.tenant.orgId) &&
        equals('workspaceId', record.tenant.workspaceId) &&
        equals('deploymentId', record.tenant.deploymentId) &&
        equals('operation', record.operation) &&
        equals('owner', record.owner) &&
        (wanted.status === undefined || wanted.status === (held ? record.status : 'free')) &&
        record.key.includes(wanted.keyHas ?? '') &&
        record.lastSeenAtMs >= (wanted.seenFromMs ?? 0) &&
        record.lastSeenAtMs < (wanted.seenUntilMs ?? Number.POSITIVE_INFINITY)
      const keys: Array<IndexedKey> = []
      let isFull = false
      return {
        after,
        take: (_, state) => {
          const key = keyIn(state)
          if (key === undefined || !fits(key)) return true
          isFull = keys.length === limit
          if (!isFull) keys.push(key)
          return !isFull
        },
        answer: () => ({ keys, next: isFull ? keys.at(-1)?.record.recordId : undefined })
      }
    })
  )
