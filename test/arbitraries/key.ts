import * as fc from 'fast-check'
import type { RecordId } from '../../src/domain/identity.ts'
import type { Instant, Millis } from '../../src/domain/instant.ts'
import type { Json } from '../../src/domain/json.ts'
import type { Outcome } from '../../src/domain/outcome.ts'
import type { Tenant } from '../../src/domain/tenant.ts'

/** Optional fields are left out, never `undefined`, as they are in stored JSON. */
export const optional = <T, const K extends keyof T>(
  fields: { [P in keyof T]: fc.Arbitrary<T[P]> },
  requiredKeys: ReadonlyArray<K>
): fc.Arbitrary<Pick<T, K> & Partial<Omit<T, K>>> =>
  fc.record(fields, { requiredKeys: [...requiredKeys] }) as fc.Arbitrary<Pick<T, K> & Partial<Omit<T, K>>>

/** Well-formed text with characters of one to four UTF-8 bytes. */
export const arbitraryText: fc.Arbitrary<string> = fc.string({ unit: 'binary', maxLength: 12 })

/** Text as a trimmed field holds it. */
export const arbitraryField: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('a', 'b', 'key-1', 'ключ', '鍵', '🔑', '__proto__', 'a b'),
  fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 8 }).map((text) => `x${text}x`)
)

export const arbitraryInstant: fc.Arbitrary<Instant> = fc.maxSafeNat().map((n) => n as Instant)
/** Times that meet each other often. */
export const arbitraryNear: fc.Arbitrary<Instant> = fc.nat({ max: 3000 }).map((n) => n as Instant)
export const arbitraryMillis: fc.Arbitrary<Millis> = fc.nat({ max: 1500 }).map((n) => n as Millis)

export const arbitraryTenant: fc.Arbitrary<Tenant> = optional<Required<Tenant>, 'orgId' | 'workspaceId' | 'source'>(
  {
    orgId: arbitraryField,
    workspaceId: arbitraryField,
    deploymentId: arbitraryField,
    actorId: arbitraryField,
    source: fc.constantFrom('explicit', 'local_implicit')
  },
  ['orgId', 'workspaceId', 'source']
)

export const arbitraryRecordId: fc.Arbitrary<RecordId> = fc
  .string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 })
  .map((hex) => `idem_${hex}` as RecordId)

/** JSON as it comes out of `JSON.parse`; it has no negative zero, which text does not tell from zero. */
export const arbitraryJson: fc.Arbitrary<Json> = fc
  .jsonValue({ maxDepth: 3, stringUnit: 'binary' })
  .map((value) => JSON.parse(JSON.stringify(value)) as Json)

export const arbitraryOutcome: fc.Arbitrary<Outcome> = optional<
  Required<Outcome>,
  'outcomeKind' | 'completedAtMs' | 'details'
>(
  {
    outcomeKind: arbitraryText,
    completedAtMs: arbitraryInstant,
    primaryRefKind: arbitraryText,
    primaryRefId: arbitraryText,
    secondaryRefKind: arbitraryText,
    secondaryRefId: arbitraryText,
    details: arbitraryJson
  },
  ['outcomeKind', 'completedAtMs', 'details']
)

/** Outcomes that repeat: three effects, at any time. */
export const arbitraryFewOutcomes: fc.Arbitrary<Outcome> = fc
  .tuple(fc.constantFrom('one', 'two', 'three'), arbitraryNear)
  .map(([outcomeKind, completedAtMs]) => ({ outcomeKind, completedAtMs, details: null }))
