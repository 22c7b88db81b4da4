import { createHash } from 'node:crypto'
import { createLedger, type TaskContext } from 'keyfold'
import { openMemoryStore } from 'keyfold/memory'
import { describe, expect, it, vi } from 'vitest'
import { program, start } from '../support/child.ts'
import { eventually } from '../support/eventually.ts'
import { listening } from '../support/listening.ts'
import { sqliteStoreOn } from '../support/sqlite-store.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import { NothingHappened, webhookServer } from './snippets/receive-webhooks.ts'
import type { WebhookSaid } from './webhook-child.ts'

const child = program('test/docs/webhook-child.ts')

const deliver = async (url: string, id: string, body: string, signature = 'good') => {
  const headers = { 'x-delivery-id': id, 'x-signature': signature }
  const response = await fetch(url, { method: 'POST', headers, body })
  return response.status
}

const keyOf = (id: string) => ({ tenant: { orgId: 'acme', workspaceId: 'shop' }, operation: 'webhook', key: id })

const digestOf = (body: string) => createHash('sha256').update(body).digest('hex')

const setUp = async (store: Parameters<typeof createLedger>[0]['store']) => {
  let aheadMs = 0
  const ledger = createLedger({ store, clock: () => Date.now() + aheadMs })
  const handle = vi.fn(async (_body: Buffer, _context: TaskContext): Promise<void> => {})
  const url = await listening(webhookServer({ ledger, handle, isSigned: (signature) => signature === 'good' }))
  const later = (ms: number): void => {
    aheadMs += ms
  }
  return { ledger, handle, url, later }
}

const onFile = async (file = temporaryFile('webhooks.db')) => setUp(await sqliteStoreOn({ file }))

describe('the how-to’s webhook server', () => {
  it('does the work once, and acknowledges each redelivery', async () => {
    const { url, handle } = await onFile()
    expect(await deliver(url, 'd-1', '{"n":1}')).toBe(200)
    expect(await deliver(url, 'd-1', '{"n":1}')).toBe(200)
    expect(handle).toHaveBeenCalledTimes(1)
    expect(String(handle.mock.calls[0]?.[0])).toBe('{"n":1}')
  })

  it('refuses another body under a used id, and does nothing with it', async () => {
    const { url, handle } = await onFile()
    await deliver(url, 'd-1', '{"n":1}')
    expect(await deliver(url, 'd-1', '{"n":2}')).toBe(422)
    expect(handle).toHaveBeenCalledTimes(1)
    // what was refused took nothing: the body comes by an id of its own
    expect(await deliver(url, 'd-2', '{"n":2}')).toBe(200)
    expect(handle).toHaveBeenCalledTimes(2)
  })

  it('acknowledges the same body under another id without doing it again, and knows that id from then on', async () => {
    const { url, handle } = await onFile()
    await deliver(url, 'd-1', '{"n":1}')
    expect(await deliver(url, 'd-2', '{"n":1}')).toBe(200)
    expect(await deliver(url, 'd-2', '{"n":2}')).toBe(422)
    expect(handle).toHaveBeenCalledTimes(1)
  })

  it('never acknowledges what is in flight', async () => {
    const { url, handle } = await onFile()
    let finish = (): void => {}
    handle.mockImplementationOnce(() => new Promise((resolve) => (finish = resolve)))
    const first = deliver(url, 'd-1', '{"n":1}')
    await eventually(() => expect(handle).toHaveBeenCalled())
    const again = await fetch(url, {
      method: 'POST',
      body: '{"n":1}',
      headers: { 'x-delivery-id': 'd-1', 'x-signature': 'good' }
    })
    expect(again.status).toBe(503)
    expect(Number(again.headers.get('retry-after'))).toBeGreaterThan(0)
    finish()
    expect(await first).toBe(200)
    expect(await deliver(url, 'd-1', '{"n":1}')).toBe(200)
    expect(handle).toHaveBeenCalledTimes(1)
  })

  it('goes on where a worker was killed: not before its lease is over, and told that it takes over', async () => {
    const file = temporaryFile('webhooks.db')
    const worker = start<WebhookSaid>(child, { file })
    const listens = await worker.hear(({ _tag }) => _tag === 'Listening')
    const lost = deliver('url' in listens ? listens.url : '', 'd-1', '{"n":1}').catch(() => 'no reply')
    await worker.hear(({ _tag }) => _tag === 'Working')
    await worker.kill()
    expect(await lost).toBe('no reply')

    const { url, handle, later } = await onFile(file)
    expect(await deliver(url, 'd-1', '{"n":1}')).toBe(503)
    expect(handle).not.toHaveBeenCalled()
    later(60_000)
    expect(await deliver(url, 'd-1', '{"n":1}')).toBe(200)
    expect(handle).toHaveBeenCalledTimes(1)
    expect(handle.mock.calls[0]?.[1]).toMatchObject({ takeover: true, attempt: 2 })
  })

  it('heals a worker that died between the two completions: the work is not done again, and the id stays known', async () => {
    const { ledger, url, handle, later } = await onFile()
    const requestFingerprint = digestOf('{"n":1}')
    const shared = { owner: 'gone', requestFingerprint, lease: 30_000 }
    const body = { ...keyOf(requestFingerprint), operation: 'webhook.body' }
    const reserved = await ledger.reserveAll([
      { ...shared, ...keyOf('d-1') },
      { ...shared, ...body }
    ])
    const [, byBody] = reserved._tag === 'AllReserved' ? reserved.reservations : []
    if (byBody === undefined) return expect.fail('nothing was reserved')
    await ledger.complete({ claim: byBody.claim, outcome: { outcomeKind: 'done' } })
    later(60_000)
    expect(await deliver(url, 'd-1', '{"n":1}')).toBe(200)
    expect(await ledger.get(keyOf('d-1'))).toMatchObject({ outcome: { outcomeKind: 'done' } })
    expect(await deliver(url, 'd-1', '{"n":2}')).toBe(422)
    expect(handle).not.toHaveBeenCalled()
  })

  it('asks for another delivery where nothing happened', async () => {
    const { url, handle } = await onFile()
    handle.mockRejectedValueOnce(new NothingHappened('no room'))
    expect(await deliver(url, 'd-1', '{"n":1}')).toBe(503)
    expect(await deliver(url, 'd-1', '{"n":1}')).toBe(200)
  })

  it('runs nothing over where nobody knows what happened, until an operator says so', async () => {
    const { ledger, url, handle, later } = await onFile()
    handle.mockRejectedValueOnce(new Error('connection lost'))
    expect(await deliver(url, 'd-1', '{"n":1}')).toBe(500)
    later(3_600_000)
    expect(await deliver(url, 'd-1', '{"n":1}')).toBe(500)
    const ended = { outcome: { outcomeKind: 'done' }, actor: 'ops', note: 'it is in the books' }
    await ledger.completeByOperator({ ...keyOf('d-1'), ...ended })
    await ledger.completeByOperator({ ...keyOf(digestOf('{"n":1}')), operation: 'webhook.body', ...ended })
    expect(await deliver(url, 'd-1', '{"n":1}')).toBe(200)
    expect(handle).toHaveBeenCalledTimes(1)
  })

  it('writes nothing for a stranger, for too long a body, or without an id', async () => {
    const { ledger, url, handle } = await onFile()
    expect(await deliver(url, 'd-1', '{"n":1}', 'forged')).toBe(401)
    expect(await deliver(url, 'd-1', 'x'.repeat(5 * 1024 * 1024 + 1))).toBe(413)
    expect(await deliver(url, '', '{"n":1}')).toBe(400)
    expect(await deliver(url, 'd'.repeat(10_000), '{"n":1}')).toBe(400)
    expect(await ledger.list()).toEqual([])
    expect(handle).not.toHaveBeenCalled()
  })

  it('does not work without its store', async () => {
    const store = await openMemoryStore()
    const { url, handle } = await setUp(store)
    await store.dispose()
    expect(await deliver(url, 'd-1', '{"n":1}')).toBe(503)
    expect(handle).not.toHaveBeenCalled()
  })
})
