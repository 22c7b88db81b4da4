import { describe, expect, it } from 'vitest'
import { isRetryable } from '../../../src/composition/is-retryable.ts'
import { KeyfoldError } from '../../../src/composition/promises.ts'
import { type FailureTag, failure } from '../../../src/domain/failure.ts'
import { retryByTag } from '../../../src/domain/retry.ts'
import { read } from '../../support/documents.ts'
import { asking, idOf, scriptedLedger } from '../../support/scripted-ledger.ts'
import { lostBefore } from '../../support/scripted-store.ts'

const tags = Object.keys(retryByTag) as ReadonlyArray<FailureTag>
const claim = { recordId: idOf('k'), epoch: 1, claimId: 'mine' }
const inDoubt = failure('AppendUnknown', 'who knows', { claim })

/** What the page says of each tag, by the table's last column but one. */
const documented = new Map(
  [...read('docs/reference/failures.md').matchAll(/^\| `(\w+)` \|(?:[^|]*\|){3} (yes|no|\[see below\]\S*) \|/gm)].map(
    ([, tag = '', says = '']) => [tag, says] as const
  )
)

describe('isRetryable', () => {
  it.each(tags)('is what the reference says of a failure, on either face: %s', (tag) => {
    const failed = failure(tag, 'it failed')
    expect(isRetryable(failed)).toBe(retryByTag[tag] !== 'never')
    expect(isRetryable(new KeyfoldError(failed))).toBe(isRetryable(failed))
    const says = documented.get(tag) ?? 'nothing'
    expect(says.replace(/^\[see.*/, 'perhaps')).toBe(
      { again: 'yes', perhapsWritten: 'perhaps', never: 'no' }[retryByTag[tag]]
    )
  })
  it('is told by the page of every tag, and of no other', () => {
    expect([...documented.keys()].sort()).toEqual([...tags].sort())
  })
  it.each([
    ['without its request', undefined, false],
    ['with a request that has no claim id of its own', {}, false],
    ['with a request under another claim id', { claimId: 'another' }, false],
    ['with a request under the claim id that may stand', { claimId: 'mine' }, true]
  ])('of a reserve in doubt asks for the claim that may stand: %s', (_, request, wanted) => {
    expect(isRetryable(inDoubt, request)).toBe(wanted)
    expect(isRetryable(new KeyfoldError(inDoubt), request)).toBe(wanted)
  })
  it('makes a loop that finds its own reserve again', async () => {
    const { ledger, store } = scriptedLedger({ deadlineMs: 0 })
    store.onAppend(lostBefore)
    const request = asking({ claimId: 'mine' })
    const thrown: unknown = await ledger.reserve(request).catch((error: unknown) => error)
    expect(thrown).toMatchObject({ tag: 'AppendUnknown' })
    expect(isRetryable(thrown, request)).toBe(true)
    expect(isRetryable(thrown, asking())).toBe(false)
  })
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'StoreBusy'],
    ['another error', new Error('StoreBusy')],
    ['a tag that is none of keyfold’s', { _tag: 'Left' }],
    ['a tag that objects have', { _tag: 'toString' }],
    ['an aborted fetch', new DOMException('stop', 'AbortError')],
    [
      'a proxy that throws',
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('no')
          }
        }
      )
    ]
  ])('is false of what is no failure of keyfold’s: %s', (_, error) => {
    expect(isRetryable(error)).toBe(false)
  })
})
