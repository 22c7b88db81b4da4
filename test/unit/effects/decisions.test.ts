import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../src/adapters/node/sha256.ts'
import {
  type Circumstances,
  type Classified,
  classify,
  failureIn,
  type ThrowPolicy
} from '../../../src/application/effects/classify.ts'
import { fixFingerprint } from '../../../src/application/effects/fix-fingerprint.ts'
import {
  isKnownHeld,
  knownHeldFrom,
  renewAfterMs,
  retryRenewalAfterMs
} from '../../../src/application/effects/lease-schedule.ts'
import { fingerprint } from '../../../src/composition/hashing.ts'

describe('when a lease is renewed', () => {
  it.each([
    [30_000, 0, 10_000],
    [30_000, 0.5, 9000],
    [30_000, 0.999, 8002],
    [3, 0.999, 1],
    [1, 0.5, 1]
  ])('a lease of %i ms, chance %d: after %i ms', (lease, fraction, after) => {
    expect(Math.round(renewAfterMs(lease, fraction))).toBe(after)
  })
  it.each([
    [30_000, 1, 0, 500],
    [30_000, 1, 0.999, 1000],
    [30_000, 3, 0.999, 3998],
    [30_000, 4, 0.999, 4998],
    [30_000, 1000, 0.999, 4998],
    [1, 1, 0, 1]
  ])('a lease of %i ms, failed %i times, chance %d: again after %i ms', (lease, tries, fraction, after) => {
    expect(Math.round(retryRenewalAfterMs(lease, tries, fraction))).toBe(after)
  })
})

describe('until when a lease is known to be held', () => {
  const known = knownHeldFrom({ monotonicMs: 100, clockMs: 5000 }, 1000, 200)
  it.each([
    ['at once', { monotonicMs: 100, clockMs: 5000 }, true],
    ['at the last moment', { monotonicMs: 899, clockMs: 5799 }, true],
    ['at its end less the skew', { monotonicMs: 900, clockMs: 5799 }, false],
    ['where the clock leapt ahead', { monotonicMs: 200, clockMs: 5800 }, false],
    ['where the clock ran back', { monotonicMs: 900, clockMs: 1 }, false],
    ['where monotonic time stood still', { monotonicMs: 100, clockMs: 9000 }, false],
    ['where the clock fails, by the other', { monotonicMs: 899, clockMs: undefined }, true]
  ])('%s', (_, now, held) => expect(isKnownHeld(known, now)).toBe(held))
  it('goes by monotonic time where the clock failed when it was asked for', () => {
    const unknown = knownHeldFrom({ monotonicMs: 100, clockMs: undefined }, 1000, 0)
    expect(isKnownHeld(unknown, { monotonicMs: 1099, clockMs: 9e12 })).toBe(true)
    expect(isKnownHeld(unknown, { monotonicMs: 1100, clockMs: 0 })).toBe(false)
  })
})

describe('what a failure means', () => {
  const error = new TypeError('no')
  const ambiguous: Classified = { _tag: 'Ambiguous' }
  const said = { name: 'TypeError', message: 'no' }
  const throws = () => {
    throw new Error('what?')
  }
  const revoked = (): object => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    return proxy
  }
  const unreadable = (): never => {
    throw new Error('boom')
  }
  const none: Circumstances = { unrecorded: 'none', wasStopped: false }
  const told: Circumstances = { unrecorded: 'told', wasStopped: false }
  const hidden: Circumstances = { unrecorded: 'hidden', wasStopped: false }
  const stopped: Circumstances = { unrecorded: 'none', wasStopped: true }
  it.each<[string, ThrowPolicy<unknown>, Circumstances, Classified]>([
    ['definitive', 'definitive', none, { _tag: 'Definitive', failure: said }],
    ['transient', 'transient', none, { _tag: 'Transient' }],
    ['ambiguous', 'ambiguous', none, ambiguous],
    ['transient, with a step that is not on record', 'transient', told, ambiguous],
    ['definitive, with a step that is not on record', 'definitive', told, ambiguous],
    ['transient, with a step that nobody told of', 'transient', hidden, ambiguous],
    ['transient, where the task was told to stop', 'transient', stopped, ambiguous],
    ['definitive, where the task was told to stop', 'definitive', stopped, { _tag: 'Definitive', failure: said }],
    ['a function, with a step that is not on record', () => 'transient', told, { _tag: 'Transient' }],
    ['a function, with a step that nobody told of', () => 'transient', hidden, ambiguous],
    ['a function, where the task was told to stop', () => 'transient', stopped, { _tag: 'Transient' }],
    ['a function with words of its own', () => ({ definitive: [1] }), none, { _tag: 'Definitive', failure: [1] }],
    ['words that are no JSON', () => ({ definitive: 1n as never }), none, { _tag: 'Definitive', failure: said }],
    ['a function that throws', throws, none, ambiguous],
    ['a function that gives nothing', () => undefined as never, none, ambiguous],
    ['a function that gives a promise', async () => 'transient' as const, none, { _tag: 'Transient' }],
    ['a function that rejects', () => Promise.reject(new Error('what?')), none, ambiguous],
    ['an answer that cannot be looked at', () => revoked() as never, none, ambiguous]
  ])('%s', async (_, policy, circumstances, classified) => {
    expect(await classify(policy, error, circumstances)).toEqual(classified)
  })
  it.each([
    ['an error', error, said],
    ['an error with half a pair', new Error('\ud800'), { name: 'Error', message: '\ufffd' }],
    ['JSON', { code: 1 }, { code: 1 }],
    ['null', null, null],
    ['nothing', undefined, { name: 'Error', message: 'the task failed' }],
    ['a function', () => 1, { name: 'Error', message: 'the task failed' }],
    [
      'an error whose message is no text',
      Object.assign(new Error('x'), { message: { code: 1 } }),
      { name: 'Error', message: 'the task failed' }
    ],
    ['an error without a name', Object.assign(new Error('x'), { name: undefined }), { name: 'Error', message: 'x' }],
    [
      'an error that throws when it is asked',
      Object.defineProperty(new Error('x'), 'message', { get: unreadable }),
      { name: 'Error', message: 'the task failed' }
    ],
    [
      'an object that throws when it is asked',
      Object.defineProperty({}, 'code', { get: unreadable, enumerable: true }),
      { name: 'Error', message: 'the task failed' }
    ],
    [
      'a proxy that throws',
      new Proxy(new Error('x'), { getPrototypeOf: unreadable }),
      { name: 'Error', message: 'the task failed' }
    ],
    ['a proxy that is revoked', revoked(), { name: 'Error', message: 'the task failed' }]
  ])('is stored of %s', (_, thrown, failure) => expect(failureIn(thrown)).toEqual(failure))
})

describe('a fingerprint', () => {
  const bytes = new TextEncoder().encode('naïve 鍵')
  it.each([
    ['one that was made', 'mine', 'mine'],
    ['a function', () => 'mine', 'mine'],
    ['parts', ['a', 'b'], fingerprint(['a', 'b'])],
    ['parts that are bytes', ['a', bytes], fingerprint(['a', 'naïve 鍵'])],
    ['bytes', bytes, fingerprint(['naïve 鍵'])],
    ['no parts', [], fingerprint([])],
    ['a function that gives parts', () => ['a', bytes], fingerprint(['a', 'naïve 鍵'])]
  ])('from %s', (_, given, fixed) => expect(fixFingerprint(sha256, given, '$.fp')).toMatchObject({ right: fixed }))
  const wanted = '$.fp must be a fingerprint, bytes, or a list of texts and bytes, got'
  const part = 'must be a string without lone surrogates, or a Uint8Array, got'
  const detached = () => {
    const gone = new Uint8Array(8)
    structuredClone(gone, { transfer: [gone.buffer] })
    return gone
  }
  it.each<[string, unknown, string, string]>([
    ['a number', 7, '$.fp', `${wanted} 7`],
    ['null', null, '$.fp', `${wanted} null`],
    ['nothing', undefined, '$.fp', `${wanted} undefined`],
    ['an object', {}, '$.fp', `${wanted} an object`],
    ['a buffer', new ArrayBuffer(8), '$.fp', `${wanted} an object`],
    ['a function that gives a number', () => 7, '$.fp', `${wanted} 7`],
    ['a number in a list', ['a', 7], '$.fp[1]', `$.fp[1] ${part} 7`],
    // biome-ignore lint/suspicious/noSparseArray: a hole is no part either
    ['a hole in a list', ['a', , 'b'], '$.fp[1]', `$.fp[1] ${part} undefined`],
    ['half a pair in a list', ['a', '\ud800'], '$.fp[1]', `$.fp[1] ${part} a string of 1 character`],
    ['bytes that are gone', detached(), '$.fp', '$.fp is detached: its bytes were transferred'],
    ['bytes that are gone in a list', ['a', detached()], '$.fp[1]', '$.fp[1] is detached: its bytes were transferred']
  ])('is not made of %s', (_, given, path, message) => {
    expect(fixFingerprint(sha256, given as never, '$.fp')).toMatchObject({
      left: { _tag: 'InvalidInput', path, message }
    })
  })
})
