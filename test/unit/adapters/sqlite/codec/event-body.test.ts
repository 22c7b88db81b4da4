import { createHash, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { haveOtherIds, packed, unpacked } from '../../../../../src/adapters/sqlite/codec/event-body.ts'
import type { ProposedEvent } from '../../../../../src/application/ports/event-store.ts'

const sha = (text: string): string => createHash('sha256').update(text).digest('hex')
const recordId = `idem_${sha('record')}`
const stream = `idempotency-${recordId}`

const sha256 = fc.string().map(sha)
/** Times that one event may tell at once: they are told by how far they are from the first. */
const near = fc.integer({ min: 1_600_000_000_000, max: 1_900_000_000_000 })

const count = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.maxSafeNat())
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }).map((value) => value.toWellFormed()),
  fc.string({ unit: fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', 'é', '\u2028', '\n', 'a') }),
  fc.uuid(),
  sha256,
  sha256.map((hash) => `sha256:${hash}`),
  sha256.map((hash) => hash.toUpperCase())
)
const json = fc.jsonValue()
const optional = { requiredKeys: [] as [] }

/** Members in the order of the first object, as the ledger writes them; those left out are not there. */
const inOrder = <A extends object>(members: { [name in keyof A]: fc.Arbitrary<A[name]> }) =>
  fc.record(members, optional)

const reason = fc.constantFrom('retention', 'lease', 'released', 'operator')
const tenant = inOrder({
  orgId: text,
  workspaceId: text,
  deploymentId: text,
  actorId: text,
  source: fc.constantFrom('explicit', 'local_implicit')
})
const outcome = inOrder({
  outcomeKind: text,
  primaryRefKind: text,
  primaryRefId: text,
  secondaryRefKind: text,
  secondaryRefId: text,
  completedAtMs: near,
  details: json
})

const atTime = (rest: fc.Arbitrary<object>): fc.Arbitrary<object> =>
  fc.tuple(near, rest).map(([atMs, others]) => ({ atMs, ...others }))

const dataOf: { readonly [type: string]: fc.Arbitrary<object> } = {
  Reserved: atTime(
    inOrder({
      recordId: fc.constant(recordId),
      tenant,
      operation: text,
      key: text,
      owner: text,
      requestFingerprint: text,
      firstSeenEventId: text,
      expiresAtMs: near,
      retentionMs: count,
      leaseExpiresAtMs: near,
      epoch: count,
      claimHash: sha256,
      after: inOrder({ epoch: count, claimHash: sha256, reason })
    })
  ),
  DuplicateSeen: atTime(inOrder({ firstAtMs: near, count, owners: fc.array(text) })),
  ConflictRecorded: atTime(inOrder({ firstAtMs: near, count, owners: fc.array(text), requestFingerprint: text })),
  Completed: atTime(inOrder({ epoch: count, claimHash: sha256, note: text, outcome, expiresAtMs: near })),
  Expired: atTime(inOrder({ epoch: count, reason, note: text })),
  LeaseRenewed: atTime(inOrder({ epoch: count, claimHash: sha256, leaseExpiresAtMs: near })),
  CompletionRejected: atTime(inOrder({ epoch: count, claimHash: sha256, currentEpoch: count, outcome })),
  Imported: atTime(inOrder({ record: json, epoch: count, source: text }))
}

/** What keyfold writes and the layouts do not know: it is younger than they are. */
const younger: typeof dataOf = {
  Reserved: fc
    .tuple(dataOf['Reserved'] ?? json, fc.array(inOrder({ name: text, data: json }), { minLength: 1, maxLength: 3 }))
    .map(([data, recoveryPoints]) => ({ ...Object(data), recoveryPoints })),
  RecoveryPointReached: atTime(inOrder({ epoch: count, claimHash: sha256, name: text, data: json })),
  MarkedInDoubt: atTime(inOrder({ epoch: count, claimHash: sha256, note: text }))
}

const metadata = fc
  .record({
    schemaVersion: count,
    previousHash: fc.oneof(
      sha256,
      fc.constant(
        createHash('sha256')
          .update(Buffer.from([0, 0, 0, 0, 0, 0, 0, stream.length]))
          .update(stream)
          .digest('hex')
      )
    ),
    more: fc.record({ actor: text, correlationId: text, causationId: text, snapshot: json }, optional),
    hash: sha256
  })
  .map(({ schemaVersion, previousHash, more, hash }) => JSON.stringify({ schemaVersion, previousHash, ...more, hash }))

const eventOf = (datas: typeof dataOf): fc.Arbitrary<ProposedEvent> =>
  fc.constantFrom(...Object.entries(datas)).chain(([type, data]) =>
    fc.record({
      id: fc.uuid(),
      type: fc.constant(type),
      data: data.map((value) => JSON.stringify(value)),
      metadata
    })
  )

const keyfoldEvent = eventOf(dataOf)

const anyEvent: fc.Arbitrary<ProposedEvent> = fc.record({
  id: text,
  type: fc.oneof(text, fc.constantFrom(...Object.keys(dataOf))),
  data: fc.oneof(
    text,
    json.map((value) => JSON.stringify(value))
  ),
  metadata: fc.oneof(text, metadata)
})

const back = (event: ProposedEvent, isFirst: boolean, of = stream): ProposedEvent | undefined => {
  const { type, body } = packed(event, of, isFirst)
  return unpacked(type, body, of)
}

/** What was changed a little: a character more, less, or another one. */
const changed = (original: string, at: number, piece: string, drop: number): string => {
  const place = at % (original.length + 1)
  return (original.slice(0, place) + piece + original.slice(place + drop)).toWellFormed()
}

const runs = { numRuns: 2000 }

describe('an event', () => {
  it('that keyfold writes comes back character by character, and is packed', () => {
    fc.assert(
      fc.property(keyfoldEvent, fc.boolean(), (event, isFirst) => {
        expect(back(event, isFirst)).toEqual(event)
        // neither its id nor its metadata nor its data stayed text as a whole
        expect((packed(event, stream, isFirst).body[0] ?? 0) & 7).toBe(0)
      }),
      runs
    )
  })

  it('that keyfold writes and no layout knows comes back character by character: its data is text as a whole', () => {
    fc.assert(
      fc.property(eventOf(younger), fc.boolean(), (event, isFirst) => {
        expect(back(event, isFirst)).toEqual(event)
        expect((packed(event, stream, isFirst).body[0] ?? 0) & 7).toBe(4)
      }),
      { numRuns: 500 }
    )
  })

  it('that anybody writes comes back character by character', () => {
    fc.assert(
      fc.property(anyEvent, fc.boolean(), fc.oneof(fc.constant(stream), text), (event, isFirst, of) => {
        expect(back(event, isFirst, of)).toEqual(event)
      }),
      runs
    )
  })

  it('that leaves members of keyfold’s out comes back, whatever was packed before it', () => {
    const partly = keyfoldEvent.chain((event) =>
      fc.subarray(Object.entries(JSON.parse(event.data) as object)).map((members) => ({
        ...event,
        data: JSON.stringify(Object.fromEntries(members))
      }))
    )
    fc.assert(
      fc.property(keyfoldEvent, partly, (before, event) => {
        packed(before, stream, false)
        expect(back(event, false)).toEqual(event)
      }),
      runs
    )
  })

  it('that is almost one of keyfold comes back character by character', () => {
    const piece = fc.constantFrom('', ' ', ',', '"', '\\', '{', '}', '0', '-', '.', 'A', 'f', 'é', '\u{1F600}', '":')
    fc.assert(
      fc.property(keyfoldEvent, fc.nat(5000), piece, fc.nat(3), fc.nat(3), (event, at, added, drop, field) => {
        const name = (['id', 'type', 'data', 'metadata'] as const)[field] ?? 'data'
        const almost = { ...event, [name]: changed(event[name], at, added, drop) }
        expect(back(almost, at % 2 === 0)).toEqual(almost)
      }),
      runs
    )
  })

  it.each([
    ['a time before the first by more than there are', '{"atMs":9007199254740991,"firstAtMs":0,"count":1,"owners":[]}'],
    ['a number with a zero before it', '{"atMs":01,"firstAtMs":1,"count":1,"owners":[]}'],
    ['a number beyond the safe integers', '{"atMs":9007199254740993,"firstAtMs":1,"count":1,"owners":[]}'],
    ['a number below 0', '{"atMs":1,"firstAtMs":-1,"count":1,"owners":[]}'],
    ['a fraction', '{"atMs":1,"firstAtMs":1.0,"count":1,"owners":[]}'],
    ['an exponent', '{"atMs":1,"firstAtMs":1,"count":1e3,"owners":[]}'],
    ['spaces', '{ "atMs": 1 }'],
    ['a comma too many', '{"atMs":1,}'],
    ['another order', '{"count":1,"atMs":1}'],
    ['a member twice', '{"atMs":1,"atMs":1}'],
    ['no end', '{"atMs":1,"firstAtMs":1,"count":1,"owners":["x'],
    ['no members', '{}'],
    ['a list', '[1]'],
    ['no text', '']
  ])('with data that has %s comes back as it was', (_, data) => {
    const event = { id: randomUUID(), type: 'DuplicateSeen', data, metadata: '{}' }
    expect(back(event, false)).toEqual(event)
  })

  it('with long texts comes back, and takes no more room than they do', () => {
    const owners = JSON.stringify(Array.from({ length: 20_000 }, (_, n) => `owner "${n}" é`))
    const data = `{"atMs":1,"firstAtMs":1,"count":1,"owners":${owners}}`
    const event = { id: randomUUID(), type: 'DuplicateSeen', data, metadata: '{}' }
    expect(back(event, false)).toEqual(event)
    expect(packed(event, stream, false).body.length).toBeLessThan(Buffer.byteLength(data))
  })
})

describe('the ids of two events', () => {
  it('are told to be others by their bodies alone, and only where they are', () => {
    fc.assert(
      fc.property(keyfoldEvent, keyfoldEvent, fc.boolean(), (one, two, isSame) => {
        const other = isSame ? { ...two, id: one.id } : two
        const [body, otherBody] = [packed(one, stream, false).body, packed(other, stream, true).body]
        expect(haveOtherIds(body, otherBody)).toBe(one.id !== other.id)
      })
    )
  })

  it('that are no short ones are left to whoever unpacks them', () => {
    fc.assert(
      fc.property(anyEvent, keyfoldEvent, fc.uint8Array({ maxLength: 30 }), (one, other, bytes) => {
        const [body, otherBody] = [packed(one, stream, false).body, packed(other, stream, false).body]
        if (haveOtherIds(body, otherBody)) expect(one.id).not.toBe(other.id)
        if (bytes.length < 19) expect(haveOtherIds(Buffer.from(bytes), otherBody)).toBe(false)
      })
    )
  })
})

describe('bytes that may be any', () => {
  it('are an event or nothing, and end no process', () => {
    fc.assert(
      fc.property(fc.nat(12), fc.uint8Array({ maxLength: 300 }), (type, bytes) => {
        const found = unpacked(type, Buffer.from(bytes), stream)
        if (found !== undefined) expect(Object.values(found).every((part) => typeof part === 'string')).toBe(true)
      }),
      runs
    )
  })

  it('that were an event are another one or nothing, once a bit is flipped', () => {
    fc.assert(
      fc.property(keyfoldEvent, fc.nat(), fc.nat(7), (event, at, bit) => {
        const { type, body } = packed(event, stream, false)
        const place = at % body.length
        body[place] = (body[place] ?? 0) ^ (1 << bit)
        expect(unpacked(type, body, stream)).not.toEqual(event)
      }),
      runs
    )
  })
})
