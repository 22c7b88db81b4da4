import { createLedger, fingerprint, KeyfoldError } from 'keyfold'
import { openMemoryStore } from 'keyfold/memory'
import { describe, expect, it } from 'vitest'
import { reservePatiently } from './snippets/reserve-patiently.ts'

const asked = {
  tenant: { orgId: 'acme', workspaceId: 'shop' },
  operation: 'payment.charge',
  key: 'order-1',
  owner: 'worker-1',
  requestFingerprint: fingerprint(['order-1', new Uint8Array([1, 2])]),
  lease: 30_000
}

describe('the reference’s patient reserve', () => {
  it('finds its own reserve again, whose answer was lost', async () => {
    const ledger = createLedger({ store: await openMemoryStore() })
    let lost = true
    const reserve: typeof ledger.reserve = async (request) => {
      const answer = await ledger.reserve(request)
      if (!lost || answer._tag !== 'Reserved') return answer
      lost = false
      throw new KeyfoldError({ _tag: 'AppendUnknown', message: 'the answer was lost', claim: answer.claim })
    }
    expect(await reservePatiently({ ...ledger, reserve }, asked)).toMatchObject({
      _tag: 'Reserved',
      record: { epoch: 1 }
    })
  })
  it('gives up at once where another try cannot help', async () => {
    const ledger = createLedger({ store: await openMemoryStore() })
    await expect(reservePatiently(ledger, { ...asked, key: ' ' })).rejects.toMatchObject({ tag: 'InvalidInput' })
  })
})
