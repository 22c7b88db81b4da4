import * as E from 'fp-ts/Either'
import { createLedger, type FailureTag, KeyfoldError } from 'keyfold'
import { openMemoryStore } from 'keyfold/memory'
import { describe, expect, it, vi } from 'vitest'
import { completePatiently, replyTo } from './snippets/handle-errors.ts'

const statuses: { readonly [tag in FailureTag]: number } = {
  InvalidInput: 400,
  LimitExceeded: 400,
  Overloaded: 503,
  UnknownClaim: 500,
  Contended: 503,
  AppendUnknown: 503,
  StoreBusy: 503,
  StoreFull: 500,
  StoreReadOnly: 500,
  StoreUnavailable: 503,
  StoreTimeout: 503,
  AccessDenied: 500,
  NotAStore: 500,
  UnsupportedVersion: 500,
  CorruptStream: 500,
  ImportRefused: 500,
  Aborted: 499
}

describe('the how-to’s replies', () => {
  for (const [tag, status] of Object.entries(statuses)) {
    it(`${tag}: ${status}`, () => {
      const log = vi.spyOn(console, 'error').mockImplementation(() => {})
      const { status: replied, text } = replyTo(new KeyfoldError({ _tag: tag as FailureTag, message: 'why' } as never))
      expect(replied).toBe(status)
      expect(text === 'why').toBe(status === 400)
      expect(log).toHaveBeenCalledTimes(status === 500 ? 1 : 0)
      log.mockRestore()
    })
  }
  it('are not for what no ledger threw', () => {
    const error = new TypeError('ours')
    expect(() => replyTo(error)).toThrow(error)
  })
})

it('the how-to’s completion is tried until it stands, and given up where that is useless', async () => {
  const store = await openMemoryStore()
  let failures = 1
  const ledger = createLedger({
    store: {
      ...store,
      append: (append) => async () =>
        failures-- > 0
          ? E.left({ _tag: 'NotWritten', error: { _tag: 'StoreUnavailable', message: 'away' } })
          : store.append(append)()
    }
  })
  failures = 0
  const reserved = await ledger.reserve({
    tenant: { orgId: 'acme', workspaceId: 'shop' },
    operation: 'payment.charge',
    key: 'order-1',
    owner: 'web-1',
    requestFingerprint: 'amount=10',
    lease: 30_000
  })
  if (reserved._tag !== 'Reserved') throw new Error(reserved._tag)
  const request = { claim: reserved.claim, outcome: { outcomeKind: 'charged' } }
  failures = 1
  expect(await completePatiently(ledger, request)).toMatchObject({ _tag: 'Completed' })
  expect(failures).toBeLessThan(0)
  const other = { ...request, claim: { ...reserved.claim, claimId: 'made up' } }
  await expect(completePatiently(ledger, other)).rejects.toMatchObject({ tag: 'UnknownClaim' })
  await ledger.dispose()
})
