import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import * as parse from '../../../src/application/requests/outcome.ts'
import type { OutcomeInput } from '../../../src/application/requests/requests.ts'
import { defaultLimits } from '../../../src/application/settings.ts'
import type { Instant } from '../../../src/domain/instant.ts'
import { essence, type Outcome, sameOutcome } from '../../../src/domain/outcome.ts'
import * as ex from '../../arbitraries/examples.ts'

const limits = defaultLimits
const parsed = (input: unknown, within = limits) => parse.outcome(within, input as OutcomeInput)
const at = (input: unknown, atMs = 1200): Outcome | undefined =>
  E.getOrElseW(() => undefined)(E.map((outcome: parse.ParsedOutcome) => outcome(atMs as Instant))(parsed(input)))

const nested = (depth: number): unknown => Array.from({ length: depth }).reduce<unknown>((inner) => [inner], 0)
const objects = (depth: number): unknown => Array.from({ length: depth }).reduce<unknown>((a) => ({ a }), 0)

describe('an outcome', () => {
  it('has null for details and the time of its command where it does not say', () => {
    expect(at({ outcomeKind: 'done' })).toStrictEqual({ outcomeKind: 'done', completedAtMs: 1200, details: null })
  })
  it('keeps all that it says, nothing trimmed', () => {
    const full = {
      outcomeKind: ' done ',
      completedAtMs: 7,
      primaryRefKind: 'order',
      primaryRefId: '1',
      secondaryRefKind: '',
      secondaryRefId: ' ',
      details: { a: [1, 'x', null, true] }
    }
    expect(at(full)).toStrictEqual(full)
  })
  it('may have an empty kind', () => {
    expect(at({ outcomeKind: '' })).toMatchObject({ outcomeKind: '' })
  })
  it.each([false, 0, '', [], {}])('keeps details that look like none: %j', (details) => {
    expect(at({ outcomeKind: 'done', details })).toMatchObject({ details })
  })
  it('takes undefined for absent', () => {
    expect(
      at({ outcomeKind: 'x', primaryRefId: undefined, completedAtMs: undefined, details: undefined })
    ).toStrictEqual({
      outcomeKind: 'x',
      completedAtMs: 1200,
      details: null
    })
  })
  it('is a copy that the caller cannot change afterwards', () => {
    const details = { list: [1] }
    const result = parsed({ outcomeKind: 'done', details })
    details.list.push(2)
    expect(E.isRight(result) && result.right(1 as Instant).details).toEqual({ list: [1] })
  })
  it.each([
    ['no kind', {}, '$.outcome.outcomeKind'],
    ['a kind that is no string', { outcomeKind: 7 }, '$.outcome.outcomeKind'],
    ['a lone surrogate in its kind', { outcomeKind: '\ud800' }, '$.outcome.outcomeKind'],
    ['a null reference', { outcomeKind: 'x', primaryRefKind: null }, '$.outcome.primaryRefKind'],
    ['a lone surrogate in a reference', { outcomeKind: 'x', secondaryRefId: '\udc00' }, '$.outcome.secondaryRefId'],
    ['a negative time', { outcomeKind: 'x', completedAtMs: -1 }, '$.outcome.completedAtMs'],
    ['a null time', { outcomeKind: 'x', completedAtMs: null }, '$.outcome.completedAtMs'],
    ['a fractional time', { outcomeKind: 'x', completedAtMs: 0.5 }, '$.outcome.completedAtMs']
  ])('is refused with %s', (_, input, path) => {
    expect(parsed(input)).toMatchObject({ left: { _tag: 'InvalidInput', path } })
  })
  it.each([undefined, null, 'done', 7])('is refused where it is none: %j', (input) => {
    expect(parsed(input)).toMatchObject({ left: { _tag: 'InvalidInput', path: '$.outcome' } })
  })
})

describe('details', () => {
  const cyclic: { a: { b?: unknown } } = { a: {} }
  cyclic.a.b = cyclic

  it.each<readonly [string, unknown, string]>([
    ['a cycle', cyclic, '$.outcome.details.a.b'],
    ['a Map', { at: new Map([[1, 2]]) }, '$.outcome.details.at'],
    ['NaN', [Number.NaN], '$.outcome.details[0]'],
    ['Infinity', Number.POSITIVE_INFINITY, '$.outcome.details'],
    ['a bigint', { n: 1n }, '$.outcome.details.n'],
    ['a function', () => 1, '$.outcome.details'],
    ['a lone surrogate', ['\ud800'], '$.outcome.details[0]']
  ])('are refused with %s, by its path', (_, details, path) => {
    expect(parsed({ outcomeKind: 'x', details })).toMatchObject({ left: { _tag: 'InvalidInput', path } })
  })
  it.each([nested, objects])('may nest 123 levels deep and no more', (make) => {
    expect(at({ outcomeKind: 'x', details: make(123) })).toMatchObject({ outcomeKind: 'x' })
    expect(parsed({ outcomeKind: 'x', details: make(124) })).toMatchObject({
      left: { _tag: 'LimitExceeded', limit: 123, size: 124 }
    })
    expect(parsed({ outcomeKind: 'x', details: make(2) }, { ...limits, detailsDepth: 1 })).toMatchObject({
      left: { _tag: 'LimitExceeded', limit: 1 }
    })
  })
  it('may make the outcome 512 KiB of UTF-8 JSON and no more', () => {
    const room = limits.outcomeBytes - '{"outcomeKind":"x","details":""}'.length
    const result = parsed({ outcomeKind: 'x', details: 'a'.repeat(room) })
    expect(E.isRight(result)).toBe(true)
    for (const details of ['a'.repeat(room + 1), `${'a'.repeat(room - 1)}é`]) {
      expect(parsed({ outcomeKind: 'x', details })).toMatchObject({
        left: { _tag: 'LimitExceeded', path: '$.outcome', limit: 512 * 1024, size: 512 * 1024 + 1 }
      })
    }
  })
})

describe('sameOutcome', () => {
  const same = (a: ReturnType<typeof ex.outcome>, b: ReturnType<typeof ex.outcome>) =>
    sameOutcome(a as Outcome, b as Outcome)

  it('sets the time of completion apart', () => {
    expect(same(ex.outcome({ completedAtMs: 1 }), ex.outcome({ completedAtMs: 2 }))).toBe(true)
  })
  it('goes by canonical JSON', () => {
    expect(same(ex.outcome({ details: { a: 1, b: 2 } }), ex.outcome({ details: { b: 2, a: 1 } }))).toBe(true)
    expect(same(ex.outcome({ details: [1, 2] }), ex.outcome({ details: [2, 1] }))).toBe(false)
    expect(same(ex.outcome({ details: null }), ex.outcome({ details: {} }))).toBe(false)
    expect(same(ex.outcome(), ex.outcome({ secondaryRefId: '' }))).toBe(false)
    expect(essence(ex.outcome() as Outcome)).toBe('{"details":null,"outcomeKind":"done"}')
  })
  it('knows an imported outcome again that is deeper than any limit', () => {
    const deep = ex.outcome({ details: nested(2000) as never })
    expect(same(deep, { ...deep, completedAtMs: 3 })).toBe(true)
  })
})
