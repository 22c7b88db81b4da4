import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { rawStandIn, so } from './raw.ts'

const uuid = (): string => randomUUID()
const badRequest = { error: { code: 3, message: 'BadRequest' } }
const timeout = { error: { code: 4, message: 'Timeout' } }

const setUp = async () => {
  const raw = await rawStandIn()
  const batch = raw.batch()
  const next = async (answers = 1) => (await batch.step('next', { until: so(answers), quietMs: 20 })).received
  return { ...raw, batch, next }
}

describe('messages of a batch that are none', () => {
  it('without a stream, an expectation or an id of their own they are bad requests, and the call goes on', async () => {
    const { batch, event, next } = await setUp()
    const events = [event('e')]
    batch.send({ correlation: 'none', options: { stream: 's', expected: 'any' }, events })
    batch.send({ correlation: uuid(), options: { expected: 'any' }, events })
    batch.send({ correlation: uuid(), options: { stream: 's' }, events })
    batch.send({ correlation: uuid(), options: { stream: 's', expected: 2n ** 63n }, events })
    expect(await next(4)).toMatchObject([badRequest, badRequest, badRequest, badRequest])
    batch.send({ correlation: uuid(), options: { stream: 's', expected: 'noStream' }, events })
    expect(await next()).toMatchObject([{ success: { revision: '0' } }])
  })

  it('an event that is none is a bad request, and its append is given up two seconds later, with its id in halves', async () => {
    const { batch, event, next } = await setUp()
    const correlation = uuid()
    batch.send({ correlation, options: { stream: 's', expected: 'any' }, events: [event('e', { headers: {} })] })
    expect(await next(2)).toMatchObject([
      { correlation, ...badRequest },
      { correlation: { structured: correlation }, stream: 's', ...timeout }
    ])
  })

  it('options that come twice are the first', async () => {
    const { server, batch, event, next } = await setUp()
    const correlation = uuid()
    batch.send({ correlation, options: { stream: 's', expected: 'any' }, events: [event('e')], final: false })
    batch.send({ correlation, options: { stream: 't', expected: 'noStream' }, events: [event('f')] })
    expect(await next()).toMatchObject([{ stream: 's', success: { revision: '1' } }])
    expect(server.records().map(({ stream }) => stream)).toEqual(['s', 's'])
  })

  it('a correlation that is none, of a part without options, ends the call', async () => {
    const { batch, event } = await setUp()
    batch.send({ correlation: 'none', events: [event('e')] })
    expect(await batch.step('end', { until: () => false })).toMatchObject({ received: [], ended: { name: 'UNKNOWN' } })
  })
})

describe('a batch whose client has ended its side', () => {
  it('ends with the next answer; others are lost', async () => {
    const { server, batch, event } = await setUp()
    for (const name of ['e', 'f']) {
      batch.send({ correlation: uuid(), options: { stream: name, expected: 'any' }, events: [event(name)] })
    }
    batch.end()
    const { received, ended } = await batch.step('end', { until: () => false })
    expect(received).toMatchObject([{ stream: 'e', success: {} }])
    expect(ended?.name).toBe('OK')
    expect(server.records()).toHaveLength(2)
  })

  it('stays open where nothing is to be answered', async () => {
    const { server, batch, event, next } = await setUp()
    batch.send({ correlation: uuid(), options: { stream: 's', expected: 'any' }, events: [event('e')] })
    await next()
    batch.end()
    expect(await batch.step('silence', { quietMs: 100 })).toMatchObject({ received: [] })
    expect(server.openStreams()).toHaveLength(1)
  })
})
