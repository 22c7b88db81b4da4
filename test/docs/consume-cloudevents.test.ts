import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { CloudEvent, type CloudEventV1, HTTP, type Message } from 'cloudevents'
import { createLedger } from 'keyfold'
import { openMemoryStore } from 'keyfold/memory'
import { describe, expect, it, vi } from 'vitest'
import { gate } from '../support/gate.ts'
import { listening } from '../support/listening.ts'
import { consumeMessage } from './snippets/consume-cloudevents.ts'

const event = (over: Partial<CloudEventV1<unknown>> = {}) =>
  new CloudEvent({ source: '/shop', id: '1', type: 'order.placed', data: { n: 1 }, ...over })

const structured = 'application/cloudevents+json'
const batch = 'application/cloudevents-batch+json'

const setUp = async () => {
  const store = await openMemoryStore()
  const ledger = createLedger({ store })
  const handle = vi.fn(async (_event: CloudEventV1<unknown>): Promise<void> => {})
  const url = await listening(
    createServer(async (request, response) => {
      const message = { headers: request.headers, body: String(await buffer(request)) }
      response.writeHead(await consumeMessage(ledger, message, handle)).end()
    })
  )
  const post = async ({ headers, body }: Message): Promise<number> => {
    const given = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)])
    return (await fetch(url, { method: 'POST', headers: given, body: String(body) })).status
  }
  const postAs = (type: string, body: unknown) =>
    post({ headers: { 'content-type': type }, body: JSON.stringify(body) })
  return { ledger, store, handle, post, postAs }
}

describe('the how-to’s consumer of CloudEvents', () => {
  it('handles an event once, whether it comes in binary or in structured mode', async () => {
    const { post, handle } = await setUp()
    expect(await post(HTTP.binary(event()))).toBe(204)
    expect(await post(HTTP.binary(event()))).toBe(204)
    expect(await post(HTTP.structured(event()))).toBe(204)
    expect(handle.mock.calls.map(([{ id, data }]) => ({ id, data }))).toEqual([{ id: '1', data: { n: 1 } }])
  })

  it('takes it for the same when only the time or an extension changed', async () => {
    const { post, handle } = await setUp()
    await post(HTTP.binary(event({ time: '2024-01-01T00:00:00Z', traceparent: '00-1' })))
    expect(await post(HTTP.binary(event({ time: '2025-01-01T00:00:00Z', traceparent: '00-2' })))).toBe(204)
    expect(handle).toHaveBeenCalledTimes(1)
  })

  it('tells events of two sources apart, and pairs that are the same when they are joined', async () => {
    const { post, handle } = await setUp()
    await post(HTTP.binary(event({ source: '/shop', id: '1' })))
    await post(HTTP.binary(event({ source: '/shop1', id: '1' })))
    await post(HTTP.binary(event({ source: '/shop', id: '11' })))
    expect(handle).toHaveBeenCalledTimes(3)
  })

  it('refuses another event under the same source and id', async () => {
    const { post, handle } = await setUp()
    await post(HTTP.binary(event()))
    expect(await post(HTTP.binary(event({ data: { n: 2 } })))).toBe(422)
    expect(await post(HTTP.binary(event({ type: 'order.cancelled' })))).toBe(422)
    expect(await post(HTTP.binary(event({ subject: 'another' })))).toBe(422)
    expect(handle).toHaveBeenCalledTimes(1)
  })

  it('tells binary data apart by its bytes', async () => {
    const { postAs, handle } = await setUp()
    const of = (data_base64: string) => ({ specversion: '1.0', source: '/s', id: '1', type: 't', data_base64 })
    expect(await postAs(structured, of('AAEC'))).toBe(204)
    expect(await postAs(structured, of('AAEC'))).toBe(204)
    expect(await postAs(structured, of('AAED'))).toBe(422)
    expect(handle).toHaveBeenCalledTimes(1)
  })

  it('is done with a batch when it is done with all of it, and repeats nothing of it', async () => {
    const { postAs, handle } = await setUp()
    const events = ['1', '2', '3'].map((id) => event({ id }).toJSON())
    const { pass, open, reached } = gate()
    handle.mockImplementationOnce(pass)
    const first = postAs(batch, events.slice(0, 1))
    await reached
    // the first of them is in flight
    expect(await postAs(batch, events)).toBe(503)
    open()
    expect(await first).toBe(204)
    expect(await postAs(batch, events)).toBe(204)
    expect(handle.mock.calls.map(([{ id }]) => id).sort()).toEqual(['1', '2', '3'])
    expect(await postAs(batch, [])).toBe(204)
  })

  it('does not let an event be lost, or run over, that is in doubt', async () => {
    const { post, handle } = await setUp()
    handle.mockRejectedValueOnce(new Error('connection lost'))
    expect(await post(HTTP.binary(event()))).toBe(500)
    expect(await post(HTTP.binary(event()))).toBe(500)
    expect(handle).toHaveBeenCalledTimes(1)
  })

  it('refuses what is no event, or has no id that the sender gave', async () => {
    const { ledger, post, postAs, handle } = await setUp()
    const bare = { specversion: '1.0', source: '/s', type: 't' }
    expect(await postAs(structured, bare)).toBe(400)
    expect(await postAs(structured, { ...bare, id: '' })).toBe(400)
    expect(await postAs(batch, [{ ...bare, id: '1' }, bare])).toBe(400)
    expect(await postAs(structured, null)).toBe(400)
    expect(await postAs('application/json', {})).toBe(400)
    expect(await post({ headers: { 'content-type': structured }, body: '{' })).toBe(400)
    const { 'ce-source': _, ...noSource } = HTTP.binary(event()).headers
    expect(await post({ headers: noSource, body: '{}' })).toBe(400)
    expect(await post(HTTP.binary(event({ id: 'x'.repeat(8000) })))).toBe(400)
    expect(handle).not.toHaveBeenCalled()
    expect(await ledger.list()).toEqual([])
  })

  it('asks for the event again where the ledger cannot answer', async () => {
    const { store, post, handle } = await setUp()
    await store.dispose()
    expect(await post(HTTP.binary(event()))).toBe(503)
    expect(handle).not.toHaveBeenCalled()
  })
})
