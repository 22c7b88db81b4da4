import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../../src/adapters/memory/event-store.ts'
import { cliTools } from '../../../../src/composition/cli-tools.ts'
import { createLedger } from '../../../../src/composition/ledger.ts'
import { answerLine } from '../../../support/answer-line.ts'

const tenant = { org_id: 'o', workspace_id: 'w' }
const key = { tenant, operation: 'op', key: 'the-raw-key' }
const claim = { record_id: `idem_${'0'.repeat(64)}`, epoch: 1, claim_id: 'c' }
const done = { outcome_kind: 'done' }

/** Each operation as it is asked rightly, and the objects within it. */
const right: { readonly [op: string]: object } = {
  reserve: { ...key, owner: 'me', request_fingerprint: 'f', now_ms: 1 },
  complete: { ...key, outcome: done },
  release: { claim },
  renew: { claim, lease_ms: 1 },
  recovery_point: { claim, name: 'charged', data: { any: null } },
  mark_in_doubt: { claim, note: 'timed out' },
  get: key,
  list: { org_id: 'o', limit: 1 },
  history: { ...key, after_revision: 0 },
  record_id: key,
  fingerprint: { parts: [] }
}
const within: { readonly [name: string]: object } = { tenant, claim, outcome: done }

describe('a field that an operation does not know', () => {
  const answer = answerLine(cliTools, createLedger({ store: memoryStore() }).taskEither)
  const messageOf = async (line: string): Promise<string> =>
    JSON.parse(JSON.stringify(await answer(Buffer.from(line)))).error?.message ?? 'taken'

  for (const [op, fields] of Object.entries(right)) {
    it(`is refused by name: ${op}`, async () => {
      for (const unknown of ['lease', 'nowMs', 'retentionMs', '', 'OP', 'toString']) {
        const line = JSON.stringify({ op, ...fields, [unknown]: null })
        expect(await messageOf(line)).toMatch(`$ has no field ${JSON.stringify(unknown)}; known are op, `)
      }
      expect(await messageOf(JSON.stringify({ op, ...fields }).replace('{', '{"__proto__":{},'))).toMatch(
        '$ has no field "__proto__"; known are op, '
      )
    })
    for (const [name, object] of Object.entries(within)) {
      if (!(name in fields)) continue
      it(`is refused by name: ${op}, within its ${name}`, async () => {
        const line = JSON.stringify({ op, ...fields, [name]: { ...object, orgId: 'x' } })
        expect(await messageOf(line)).toMatch(`$.${name} has no field "orgId"; known are `)
      })
    }
  }
  it('is one of another operation too', async () => {
    expect(await messageOf(JSON.stringify({ op: 'get', ...key, now_ms: 1 }))).toMatch('$ has no field "now_ms"')
    expect(await messageOf(JSON.stringify({ op: 'release', claim, lease_ms: 1 }))).toMatch('$ has no field "lease_ms"')
  })
  it('is quoted in short, whatever it is', async () => {
    const message = await messageOf(JSON.stringify({ op: 'get', ...key, ['\u0000'.repeat(1_000_000)]: 1 }))
    expect(message).toMatch('$ has no field "\\u0000')
    expect(message.length).toBeLessThan(300)
  })
  it('may be any within details, which are the caller’s own', async () => {
    const details = { claim: 1, orgId: 2, deep: { any: null } }
    expect(await messageOf(JSON.stringify({ op: 'complete', ...key, outcome: { ...done, details } }))).toBe('taken')
  })
})

describe('a field that is null', () => {
  it('is absent, where it may be: null is how many languages write it', async () => {
    const answer = answerLine(cliTools, createLedger({ store: memoryStore() }).taskEither)
    const answerTo = (line: object) => answer(Buffer.from(JSON.stringify(line)))
    const nothing = { first_seen_event_id: null, now_ms: null, expires_at_ms: null, lease_ms: null }
    const someone = { ...tenant, deployment_id: null, actor_id: null, source: null }
    const reserved = await answerTo({
      op: 'reserve',
      ...key,
      tenant: someone,
      owner: 'me',
      request_fingerprint: 'f',
      claim_id: 'c',
      ...nothing
    })
    expect(reserved).toMatchObject({ result: 'reserved' })
    const references = {
      primary_ref_kind: null,
      primary_ref_id: null,
      secondary_ref_kind: null,
      secondary_ref_id: null
    }
    const outcome = { ...done, ...references, completed_at_ms: null, details: null }
    expect(
      await answerTo({ op: 'complete', claim: reserved['claim'], tenant: null, operation: null, key: null, outcome })
    ).toMatchObject({ result: 'completed' })
    expect(await answerTo({ op: 'complete', claim: null, ...key, outcome, now_ms: null })).toMatchObject({
      record: { status: 'completed' }
    })
  })
})
