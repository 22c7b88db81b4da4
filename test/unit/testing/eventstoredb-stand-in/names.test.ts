import { describe, expect, it } from 'vitest'
import { rawStandIn } from './raw.ts'

describe('names that no stream should have', () => {
  it.each(['$$', '$$$$'])('%s: it refuses what would end a server, and says so', async (stream) => {
    const { server, append, remove, event, batch } = await rawStandIn()
    const loud = { error: { details: expect.stringContaining('a real server answers, and then its process ends') } }
    expect(await append(stream, 'any', [event('e')])).toMatchObject(loud)
    expect(await remove('delete', stream, 'any')).toMatchObject(loud)
    expect(await remove('tombstone', stream, 'any')).toMatchObject(loud)
    const feed = batch()
    feed.send({
      correlation: '6f0e0b0a-0b0c-4d0e-8f10-111213141516',
      options: { stream, expected: 'any' },
      events: [event('e')]
    })
    expect(await feed.step('answer', { until: (items) => items.length > 0 })).toMatchObject({
      received: [{ error: { message: expect.stringContaining('its process ends') } }]
    })
    expect(server.records()).toEqual([])
  })

  it('the empty one is an error, read or written', async () => {
    const { append, readStream, event } = await rawStandIn()
    expect(await append('', 'any', [event('e')])).toMatchObject({ error: { code: 2 } })
    expect(await readStream('', { from: 'start', count: 1 })).toMatchObject({ ended: { code: 2 } })
  })

  it.each([
    ['größe', { code: 2, trailers: {} }],
    ['line\nbreak', { code: 2, trailers: {} }],
    ['tab\tin it', { code: 9, trailers: { exception: 'stream-deleted' } }],
    [' outer spaces ', { code: 9, trailers: { exception: 'stream-deleted' } }],
    ['per%cent ~', { code: 9, trailers: { exception: 'stream-deleted', 'stream-name': 'per%cent ~' } }]
  ])('%j in an error', async (stream, { code, trailers }) => {
    const { append, remove, event } = await rawStandIn()
    await remove('tombstone', stream, 'noStream')
    const { error } = await append(stream, 'any', [event('e')])
    expect(error?.code).toBe(code)
    const { 'content-type': _, date: __, ...told } = error?.trailers ?? {}
    expect(told).toEqual(trailers)
  })
})

describe('metadata of a stream', () => {
  it.each<[string, unknown]>([
    ['{"$tb":2}', ['2']],
    ['{"$maxCount":1}', ['2']],
    ['{"$maxCount":"1"}', ['0', '1', '2']],
    ['{"$tb":2,"$maxAge":1.5}', ['0', '1', '2']],
    ['{"$tb":2,"$maxCount":18446744073709551616}', ['0', '1', '2']],
    ['{"$tb":2,"$acl":{"$r":1}}', ['0', '1', '2']],
    ['{"$tb":2,"$maxCount":-1}', ['2']],
    ['{"$tb":9223372036854775806}', []],
    ['not json', ['0', '1', '2']]
  ])('%s', async (json, revisions) => {
    const { append, metadata, readStream, event } = await rawStandIn()
    await append('s', 'noStream', [event('a'), event('b'), event('c')])
    await metadata('s', json)
    const { received, ended } = await readStream('s', { from: 'start', count: 9 })
    expect(received?.map((item) => item.event?.revision)).toEqual(revisions)
    expect(ended?.name).toBe('OK')
  })

  it('that are JSON by content only do not count', async () => {
    const { append, metadata, readStream, event } = await rawStandIn()
    await append('s', 'noStream', [event('a'), event('b')])
    await metadata('s', '{"$tb":1}', { contentType: 'application/octet-stream' })
    expect((await readStream('s', { from: 'start', count: 9 })).received).toHaveLength(2)
  })

  it('show the last of them, whatever has been said of or done to themselves', async () => {
    const { metadata, remove, readStream } = await rawStandIn()
    await metadata('s', '{"x":1}')
    await metadata('s', '{"x":2}')
    await metadata('$$s', '{"$maxCount":9}')
    await remove('delete', '$$s', 'any')
    const { received } = await readStream('$$s', { from: 'start', count: 9 })
    expect(received).toMatchObject([{ event: { revision: '1' } }])
  })
})
