import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { noMisspelt, noOthers } from '../../../src/domain/parsing/known-members.ts'
import { misspelt, nearest } from '../../../src/domain/parsing/nearest.ts'

type Options = { readonly retentionMs: number; readonly deploymentId: string; readonly note: string }

const names = { retentionMs: true, deploymentId: true, note: true } as const
const only = noOthers<Options>(names)
const near = noMisspelt<Options>(names)
const message = (judged: E.Either<{ readonly message: string }, unknown>) =>
  E.isLeft(judged) ? judged.left.message : undefined

describe('the name that was meant', () => {
  it.each([
    ['retentionMS', 'retentionMs'],
    ['retention_ms', 'retentionMs'],
    ['retention', 'retentionMs'],
    ['retentoin', 'retentionMs'],
    ['deploymentID', 'deploymentId'],
    ['deployement', undefined],
    ['Note', 'note'],
    ['not', undefined],
    ['date', undefined],
    ['', undefined],
    ['x'.repeat(100_000), undefined]
  ])('%s', (given, wanted) => {
    expect(nearest(given, Object.keys(names))).toBe(wanted)
  })
})

describe('options', () => {
  it('have no members but their own; the nearest is named, or all are', () => {
    expect(message(only('$', { note: 'n', retentionMS: 5 }))).toBe(
      '$.retentionMS is not known; did you mean retentionMs?'
    )
    expect(message(only('$.policy', { colour: 5 }))).toBe(
      '$.policy.colour is not known; there are retentionMs, deploymentId, note'
    )
    expect(message(only('$', { note: 'n' }))).toBeUndefined()
  })
  it('are told of a name without what would turn the line around', () => {
    const [said = ''] = [message(only('$', { 'a\u202e\u0085\u{e0001}': 1 }))]
    expect(said).toContain('$["a\\u202e\\u0085\\udb40\\udc01"]')
    expect(said).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })
  it('are told of a name of any length in short', () => {
    expect(message(only('$', { ['x'.repeat(100_000)]: 1 }))?.length).toBeLessThan(400)
  })
})

describe('a member of a request', () => {
  const all = [
    'nowMs',
    'signal',
    'expiresAtMs',
    'retentionMs',
    'claimId',
    'causationId',
    'deploymentId',
    'source',
    'details'
  ]
  it.each([
    ['retentionMS', 'retentionMs'],
    ['retention_ms', 'retentionMs'],
    ['expires_at_ms', 'expiresAtMs'],
    ['retentoinMs', 'retentionMs'],
    ['expiresAtS', 'expiresAtMs'],
    ['deploymentID', 'deploymentId'],
    ['Signal', 'signal'],
    ['nowMS', 'nowMs'],
    ['detials', 'details'],
    ['detail', 'details'],
    ...['now', 'expiresIn', 'expiresAt', 'retention', 'signals', 'claimed', 'claimIds', 'causation', 'deployment'].map(
      (word) => [word, undefined] as const
    ),
    ...['sources', 'retails', 'deploymentIds', 'x'.repeat(100_000)].map((word) => [word, undefined] as const)
  ] as const)('%s', (given, wanted) => {
    expect(misspelt(given, 'v', all)).toBe(wanted)
  })
})

describe('a number without its unit', () => {
  it('is meant for the name that has one', () => {
    expect(misspelt('retention', 5, ['retentionMs'])).toBe('retentionMs')
    expect(misspelt('now', 5, ['nowMs'])).toBe('nowMs')
    expect(misspelt('expires', 5, ['retentionMs'])).toBeUndefined()
  })
})

describe('a request', () => {
  it.each<[string, object, boolean]>([
    ['may be part of a larger object', { note: 'n', total: 5, retentionPolicy: 'long' }, true],
    ['has no misspelt member', { retentionMS: 5 }, false],
    ['may have a neighbour of a member that is there', { retentionMs: 5, retention: 'long' }, true],
    ['of a class has what its prototype has', Object.create({ retentionMS: 5 }), true]
  ])('%s', (_, request, holds) => {
    expect(E.isRight(near('$', request))).toBe(holds)
  })
})
