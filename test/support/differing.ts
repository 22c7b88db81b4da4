import { expect } from 'vitest'

/** What section 6 of SPEC came to want after the cases were written; they do not mark it. */
export const section6 = 'SPEC section 6'

/** How a case is answered otherwise than the predecessor answered it, whole, and why (SPEC section 14). */
export type Statement = { readonly because: string; readonly answers: ReadonlyArray<unknown> }

type Fields = { readonly [name: string]: unknown }

const ids: { readonly [key: string]: string } = {
  k: 'idem_b91337e57caafa717c9d19f05cad7c5c04b41f7425e06d6552c4829c1e97a621',
  k3: 'idem_70639eeb1f7c35ab0515a6ce39a0534ed99368065c440838d46c3713a8ee4598',
  new: 'idem_73b68d591e1c94d20f6ae1981991522bc76c65373a10045c8c67f21b9e5fd0a3',
  old: 'idem_4feadd889b10cbb0cf4e1c4aaa553fb9cb0a621418c318a0691aaff5ce284869',
  other: 'idem_50534ad04d694e0d7f11600a414d15d9dc555ca99275c43f0c3b2bbd0ffdd5c2',
  z: 'idem_bd17bffa0e2f8e3232f3b0bf9f5b9a3c590b80580473b70c07687f49f8795566'
}

const record = (key: string, over: Fields = {}): Fields => ({
  schema_version: 1,
  record_id: ids[key],
  tenant_context: { org_id: 'org-a', workspace_id: 'ws-1', actor_id: 'actor-a', source: 'explicit' },
  operation: 'op.x',
  key,
  owner: 'owner-1',
  request_fingerprint: 'fp-a',
  status: 'reserved',
  first_seen_at_ms: 1000,
  last_seen_at_ms: 1000,
  conflict_count: 0,
  ...over
})

const dump = (...records: ReadonlyArray<Fields>): Fields => ({
  records: Object.fromEntries(records.map((one) => [one['record_id'], one]))
})
const reserved = (one: Fields): Fields => ({ result: 'reserved', record: one })
const duplicate = (one: Fields): Fields => ({ result: 'duplicate', record: one })
const conflict = (one: Fields): Fields => ({ result: 'conflict', record: one })
const seenAt = (ms: number, over: Fields = {}): Fields => ({ first_seen_at_ms: ms, last_seen_at_ms: ms, ...over })
const conflicted = (ms: number, fingerprint: string): Fields => ({
  status: 'conflicted',
  last_seen_at_ms: ms,
  conflict_count: 1,
  conflict_fingerprints: [fingerprint]
})

const none = { record: null }
const ok = { ok: true }
const failed = { error: 'injected write failure' }
const k = record('k')

const bareTenant = { tenant_context: { org_id: 'org-a', workspace_id: 'ws-1', source: 'local_implicit' } }
const bare = (over: Fields = {}): Fields => record('k', { ...bareTenant, ...over })
const bareDone = bare({
  status: 'completed',
  last_seen_at_ms: 1100,
  outcome: { outcome_kind: 'accepted', completed_at_ms: 1100, details: null }
})

const tooLarge = (integer: string, path: string): Fields => ({
  error: `the integer ${integer} is beyond 2^53 - 1 and would change (at ${path})`
})
const otherId = (name: string, id: string): Fields => ({
  error: `$.records.${name} stands under another id than its tenant, operation and key give: ${id}`
})

const oneDeployment = 'an empty deployment is none, so all of it is about one and the same record (14.1)'
const noTrace = 'a failed write leaves no trace: what failed was never there (14.3)'
const refusedFile = 'the file is refused whole, so the ledger is as it was (14.7)'
const refusedInteger = 'an integer that a double cannot hold is refused with its path, and changes nothing (14.6)'

const statements: { readonly [name: string]: Statement } = {
  'deployment none and "": one record id, but get and complete tell them apart': {
    because: oneDeployment,
    answers: [reserved(bare()), { record: bare() }, { record: bareDone }, { record: bareDone }, dump(bareDone)]
  },
  'deployment "" reserve meets the record of none: duplicate with the other\'s record': {
    because: oneDeployment,
    answers: [
      reserved(bare()),
      duplicate(bare({ last_seen_at_ms: 2 })),
      conflict(bare(conflicted(3, 'fp-b'))),
      { record: bare(conflicted(3, 'fp-b')) },
      { record: bare(conflicted(3, 'fp-b')) },
      dump(bare(conflicted(3, 'fp-b')))
    ]
  },
  'deployment none reserve meets the record of ""': {
    because: oneDeployment,
    answers: [
      reserved(bare()),
      duplicate(bare({ last_seen_at_ms: 2 })),
      { record: bareDone },
      { record: bareDone },
      { record: bareDone },
      dump(bareDone)
    ]
  },
  'deployment none and "": after expiry the record changes hands': {
    because: oneDeployment,
    answers: [
      reserved(bare({ expires_at_ms: 2000 })),
      reserved(bare(seenAt(2000))),
      { record: bare(seenAt(2000)) },
      { record: bare(seenAt(2000)) },
      dump(bare(seenAt(2000)))
    ]
  },
  'restart keeps deployment "" apart from none': {
    because: oneDeployment,
    answers: [reserved(bare()), { count: 1 }, { record: bare() }, { record: bare() }, dump(bare())]
  },
  'empty tenant fields are taken': {
    because: 'an empty organisation or workspace is refused (14.1)',
    answers: [{ error: '$.tenant.org_id cannot be empty' }, { error: '$.tenant.org_id cannot be empty' }, dump()]
  },
  'a failed write: reserve errors, but the record is in memory': {
    because: noTrace,
    answers: [ok, failed, none, ok, reserved(record('k', seenAt(2))), dump(record('k', seenAt(2)))]
  },
  'a failed write of complete: the outcome is in memory': {
    because: noTrace,
    answers: [
      reserved(k),
      ok,
      failed,
      { record: k },
      ok,
      duplicate(record('k', { last_seen_at_ms: 2 })),
      dump(record('k', { last_seen_at_ms: 2 }))
    ]
  },
  'a failed write, then a restart: memory is lost': {
    because: `${section6}: a conflict that cannot be recorded is answered all the same, and says so`,
    answers: [
      reserved(k),
      ok,
      { ...conflict(k), unrecorded: 'StoreFull' },
      failed,
      { count: 1 },
      ok,
      { record: k },
      none,
      dump(k)
    ]
  },
  'a failed write, then a good one: the failed change is written too': {
    because: noTrace,
    answers: [reserved(k), ok, failed, ok, reserved(record('k3')), { count: 2 }, none, dump(record('k3'), k)]
  },
  'a load replaces the whole map': {
    because: 'import adds to what the ledger holds (14.7)',
    answers: [
      reserved(record('other')),
      { count: 3 },
      { record: record('other') },
      { record: k },
      dump(
        record('other'),
        k,
        record('z', {
          status: 'conflicted',
          last_seen_at_ms: 1234,
          first_seen_event_id: 'evt',
          expires_at_ms: 99999,
          outcome: {
            outcome_kind: 'accepted',
            completed_at_ms: 1100,
            primary_ref_kind: 'delivery',
            primary_ref_id: 'd-1',
            secondary_ref_kind: 'run',
            secondary_ref_id: 'r-1',
            details: { a: 'x', b: [1, null, true] }
          },
          conflict_count: 2,
          conflict_fingerprints: ['fp-b', 'fp-c']
        })
      )
    ]
  },
  'a load of a missing file leaves the map as it was': {
    because: 'a missing file is an error (14.7)',
    answers: [reserved(k), { error: expect.stringMatching(/ENOENT.*01-missing\.json/) }, { record: k }, dump(k)]
  },
  'a load of an empty file empties the map': {
    because: 'import adds to what the ledger holds, and an empty file adds nothing (14.7)',
    answers: [reserved(k), { count: 1 }, { record: k }, dump(k)]
  },
  "another tenant's context under my id: get and complete see nothing, reserve gives it out": {
    because: refusedFile,
    answers: [
      otherId(ids['k'] ?? '', 'idem_28de3e9a60ad7ed338b555cdf69ffa581e4e1c943afba71c65e85a6fb4aadd28'),
      none,
      none,
      reserved(record('k', seenAt(5))),
      conflict(record('k', seenAt(5, conflicted(6, 'fp-b')))),
      { record: record('k', seenAt(5, conflicted(6, 'fp-b'))) },
      dump(record('k', seenAt(5, conflicted(6, 'fp-b'))))
    ]
  },
  'map keys that are not ids are kept and written back': {
    because: refusedFile,
    answers: [otherId('anything', ids['k'] ?? ''), none, reserved(record('new')), dump(record('new'))]
  },
  'stored untrimmed fingerprints never equal a given one': {
    because: refusedFile,
    answers: [
      { error: `$.records.${ids['k']}.key must have no white space at its ends, got a string of 3 characters` },
      none,
      reserved(record('k', seenAt(5))),
      dump(record('k', seenAt(5)))
    ]
  },
  'conflict_count saturates at u64::MAX': {
    because: refusedInteger,
    answers: [
      {
        error: `failed to parse idempotency keys: ${tooLarge('18446744073709551615', `$.records.${ids['k']}.conflict_count`)['error']}`
      },
      reserved(record('k', seenAt(5, { request_fingerprint: 'fp-b' }))),
      conflict(record('k', seenAt(5, { request_fingerprint: 'fp-b', ...conflicted(6, 'fp-c') }))),
      dump(record('k', seenAt(5, { request_fingerprint: 'fp-b', ...conflicted(6, 'fp-c') })))
    ]
  },
  'times up to u64::MAX': {
    because: refusedInteger,
    answers: [
      tooLarge('18446744073709551614', '$.now_ms'),
      tooLarge('18446744073709551614', '$.now_ms'),
      tooLarge('18446744073709551615', '$.now_ms'),
      tooLarge('9007199254740993', '$.now_ms'),
      tooLarge('18446744073709551615', '$.outcome.completed_at_ms'),
      dump()
    ]
  },
  'expiry at 2^53 + 1 against now 2^53': {
    because: refusedInteger,
    answers: [
      tooLarge('9007199254740993', '$.expires_at_ms'),
      tooLarge('9007199254740992', '$.now_ms'),
      tooLarge('9007199254740993', '$.now_ms'),
      dump()
    ]
  },
  'details with integers over 2^53': {
    because: refusedInteger,
    answers: [reserved(k), tooLarge('9007199254740993', '$.outcome.details.n'), { count: 1 }, { record: k }, dump(k)]
  },
  'details 124 deep are stored but the file no longer loads; the next write overwrites it': {
    because: 'what could not be loaded again is refused, so nothing is lost later (14.4, 14.6)',
    answers: [
      reserved(record('old')),
      reserved(k),
      { error: `nested more than 123 levels deep (at $.outcome.details${'[0]'.repeat(123)})` },
      { record: k },
      { count: 2 },
      { record: k },
      reserved(record('new')),
      { count: 3 },
      { record: k },
      { record: record('old') },
      dump(record('old'), record('new'), k)
    ]
  }
}

/** The statement on a scenario, by its name. */
export const differing: ReadonlyMap<string, Statement> = new Map(Object.entries(statements))
