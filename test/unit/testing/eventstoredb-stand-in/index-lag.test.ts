import { describe, expect, it } from 'vitest'
import { rawStandIn } from './raw.ts'

const aborted = { error: { code: 10 } }

describe('what is written and not indexed yet', () => {
  it('is read by nobody, and acknowledged only once it is', async () => {
    const { server, append, event, readStream } = await rawStandIn({ indexLagMs: 300 })
    let isTold = false
    const told = append('s', 'noStream', [event('e')]).finally(() => {
      isTold = true
    })
    await expect.poll(() => server.records().length).toBe(1)
    expect(await readStream('s', { from: 'start' })).toMatchObject({ received: [{ streamNotFound: 's' }] })
    expect(isTold).toBe(false)
    await told
    expect(await readStream('s', { from: 'start' })).toMatchObject({ received: [{ event: { revision: '0' } }] })
  })

  it('is not repeated: who tries is told of a time-out, and of success later on', async () => {
    const { server, append, event } = await rawStandIn({ indexLagMs: 300 })
    const original = append('s', 'noStream', [event('e')])
    await expect.poll(() => server.records().length).toBe(1)
    expect(await append('s', 'noStream', [event('e')])).toMatchObject(aborted)
    const written = await original
    expect(written).toMatchObject({ ok: { success: { revision: '0' } } })
    expect(await append('s', 'noStream', [event('e')])).toEqual(written)
  })

  it('is a repetition of the same turn even without a lag', async () => {
    const { append, event } = await rawStandIn()
    const both = await Promise.all([0, 1].map(() => append('s', 'noStream', [event('e')])))
    expect(both).toContainEqual(expect.objectContaining({ ok: expect.anything() }))
    expect(both).toContainEqual(expect.objectContaining({ error: expect.objectContaining({ code: 10 }) }))
  })
})
