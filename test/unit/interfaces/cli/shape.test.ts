import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../../../src/domain/json.ts'
import { rowsOf } from '../../../../src/interfaces/cli/shape/describe.ts'
import { type Fields, fieldsOf } from '../../../../src/interfaces/cli/shape/fields.ts'
import { failureJson } from '../../../../src/interfaces/cli/shape/json.ts'
import { readClaim, readKey, readOutcome, readTenant } from '../../../../src/interfaces/cli/shape/requests.ts'
import { localTime, utcTime } from '../../../../src/interfaces/cli/terminal/time.ts'

const fields = (value: Json, path?: string): Fields => {
  const read = fieldsOf(value, path)
  if (E.isLeft(read)) throw new Error(read.left.message)
  return read.right
}

const message = (result: E.Either<{ readonly message: string; readonly path?: string }, unknown>) =>
  E.isLeft(result) ? [result.left.message, result.left.path] : 'taken'

describe('the fields of an object', () => {
  const given = fields({ text: 't', number: 1, none: null, object: { inner: 2 }, list: ['a', 3] })

  it('are read by their names and types', () => {
    expect(given.text('text')).toEqual(E.right('t'))
    expect(given.number('number')).toEqual(E.right(1))
    expect(given.json('list')).toEqual(['a', 3])
    expect(given.has('text')).toBe(true)
    expect(given.has('none'), 'null is how many languages write what is absent').toBe(false)
    expect(given.has('absent')).toBe(false)
  })
  it('may be absent or null where they are optional', () => {
    for (const name of ['absent', 'none']) {
      expect(given.optionalText(name)).toEqual(E.right(undefined))
      expect(given.optionalNumber(name)).toEqual(E.right(undefined))
    }
  })
  it('are named by their path where they are something else', () => {
    expect(message(given.text('number'))).toEqual(['$.number must be a string, got 1', '$.number'])
    expect(message(given.text('absent'))).toEqual(['$.absent must be a string, got undefined', '$.absent'])
    expect(message(given.optionalText('number'))).toEqual(['$.number must be a string, got 1', '$.number'])
    expect(message(given.number('text'))).toEqual(['$.text must be a number, got a string of 1 character', '$.text'])
    expect(message(given.optionalNumber('text'))).toEqual([
      '$.text must be a number, got a string of 1 character',
      '$.text'
    ])
    expect(message(given.texts('text'))).toEqual([
      '$.text must be a list of strings, got a string of 1 character',
      '$.text'
    ])
    expect(message(given.texts('list'))).toEqual(['$.list[1] must be a string, got 3', '$.list[1]'])
    expect(message(given.object('list'))).toEqual(['$.list must be a JSON object, got a list of 2', '$.list'])
    expect(message(E.flatMap((inner: Fields) => inner.text('inner'))(given.object('object')))).toEqual([
      '$.object.inner must be a string, got 2',
      '$.object.inner'
    ])
  })
  it('are the object’s own: what every object inherits is no field', () => {
    expect(message(given.text('toString'))).toEqual(['$.toString must be a string, got undefined', '$.toString'])
    expect(given.has('constructor')).toBe(false)
  })
  it('are those of objects only', () => {
    for (const value of [null, [], 'text', 1, true])
      expect(message(fieldsOf(value))).toEqual([
        expect.stringMatching(/^\$ must be a JSON object, got (null|1|true|a \w+ of \d)/),
        '$'
      ])
  })
})

describe('what a line says', () => {
  const tenant = { org_id: 'o', workspace_id: 'w', deployment_id: null, actor_id: 'a', source: 'explicit' }

  it('names a tenant, a key, a claim and an outcome in the shape of the file', () => {
    expect(readTenant(fields(tenant))).toEqual(
      E.right({ orgId: 'o', workspaceId: 'w', deploymentId: undefined, actorId: 'a', source: 'explicit' })
    )
    expect(readKey(fields({ tenant, operation: 'op', key: 'k' }))).toMatchObject({
      right: { tenant: { orgId: 'o' }, operation: 'op', key: 'k' }
    })
    expect(readClaim(fields({ record_id: 'r', epoch: 1, claim_id: 'c' }))).toEqual(
      E.right({ recordId: 'r', epoch: 1, claimId: 'c' })
    )
    expect(readOutcome(fields({ outcome_kind: 'done', primary_ref_kind: 'p', details: [1] }))).toMatchObject({
      right: { outcomeKind: 'done', completedAtMs: undefined, primaryRefKind: 'p', details: [1] }
    })
  })
  it('is refused by the path of what is wrong', () => {
    expect(message(readTenant(fields({ ...tenant, source: 'guessed' }, '$.tenant')))).toEqual([
      "$.tenant.source must be explicit or local_implicit, got 'guessed'",
      '$.tenant.source'
    ])
    expect(message(readKey(fields({ operation: 'op', key: 'k' })))).toEqual([
      '$.tenant must be a JSON object, got undefined',
      '$.tenant'
    ])
    expect(message(readClaim(fields({ record_id: 'r', epoch: '1', claim_id: 'c' })))).toEqual([
      '$.epoch must be a number, got a string of 1 character',
      '$.epoch'
    ])
  })
  it('may be a failure, as it was answered', () => {
    const failed = { _tag: 'StoreFull', message: 'no room' } as const
    expect(failureJson(failed)).toEqual({ error: { tag: 'StoreFull', message: 'no room' } })
  })
})

describe('for people', () => {
  it('a moment is a date, where there is such a date', () => {
    expect(utcTime(0)).toBe('1970-01-01T00:00:00.000Z')
    expect(utcTime(Number.MAX_SAFE_INTEGER)).toBe('9007199254740991 ms')
  })
  it('a local time says how far it is from UTC, and is the same moment', () => {
    for (const ms of [0, 1_767_225_600_123, 1_782_864_000_000]) {
      expect(localTime(ms)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/)
      expect(Date.parse(localTime(ms))).toBe(ms)
    }
    for (const none of [Number.MAX_SAFE_INTEGER, Number.NaN]) expect(localTime(none)).toBe(`${none} ms`)
  })
  it('an object is rows of dotted names; details stay one text', () => {
    expect(rowsOf({ a: 'x', b: { c: 1, details: { d: 2 } }, seen_at_ms: 0, list: ['y'], none: null })).toEqual([
      ['a', 'x'],
      ['b.c', 1],
      ['b.details', '{"d":2}'],
      ['seen_at_ms', 0, { atMs: 0 }],
      ['list', '["y"]'],
      ['none', 'null']
    ])
  })
})
