import { execFile } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { read } from '../support/documents.ts'
import { eventually } from '../support/eventually.ts'
import { isInstalled, type Job, onKeyfold, onPeer, twins, type World } from '../support/three-applications.ts'

/** Lines that hold something but a comment. */
const linesOf = (file: string): number =>
  read(file)
    .split('\n')
    .filter((line) => !/^\s*($|\/\/|\/\*|\*)/.test(line)).length

const sum = (files: ReadonlyArray<string>): number => files.reduce((total, file) => total + linesOf(file), 0)
const own = (name: string): string => `test/docs/snippets/${name}.ts`
const twin = (name: string): string => `${twins}/${name}.ts`

/** Each application of the how-tos, and what its twin needs beside itself of what the peer does not have. */
const applications = [
  { name: 'protect-a-handler', beside: ['held'] },
  { name: 'receive-webhooks', beside: ['held', 'steps'] },
  { name: 'work-off-a-queue', beside: ['held', 'steps'] }
]

describe('an application of the how-tos beside its twin on a peer', () => {
  const shared = [...new Set(applications.flatMap(({ beside }) => beside))]
  const names = applications.map(({ name }) => name)
  const rows = [
    ...applications.map(({ name, beside }) => [name, linesOf(own(name)), sum([name, ...beside].map(twin))] as const),
    ['all three', sum(names.map(own)), sum([...names, ...shared].map(twin))] as const
  ]

  it.each(rows)('has fewer lines: %s', (_, ours, theirs) => {
    expect(ours).toBeGreaterThan(20)
    expect(ours).toBeLessThan(theirs)
  })
  it('is counted on its page', () => {
    const page = read('docs/reference/beside-a-peer.md')
    for (const [name, ours, theirs] of rows) {
      expect(page).toMatch(new RegExp(`^\\| .*${name}.* \\| ${ours} \\| ${theirs} \\|$`, 'm'))
    }
  })
})

afterEach(() => {
  vi.useRealTimers()
})

const stories = (open: () => Promise<World>): void => {
  it('charges once, and tells the others what is so', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { handler } = await open()
    const charge = vi.fn(async () => ({ chargeId: 'ch_1' }))
    const findCharge = vi.fn(async (): Promise<{ chargeId: string } | undefined> => undefined)
    const ask = (id: string, body = '10') => handler.ask({ charge, findCharge }, { id, customer: 'shop', body })
    expect([await ask('once'), await ask('once'), await ask('once', '99')]).toEqual([200, 200, 422])
    charge.mockRejectedValueOnce(new handler.NothingHappened())
    expect([await ask('later'), await ask('later')]).toEqual([503, 200])
    charge.mockRejectedValueOnce(new handler.Declined())
    expect([await ask('declined'), await ask('declined')]).toEqual([402, 402])
    charge.mockRejectedValueOnce(new Error('timed out'))
    expect([await ask('doubt'), await ask('doubt')]).toEqual([409, 409])
    const calls = charge.mock.calls.length
    charge.mockImplementationOnce(() => new Promise(() => {}))
    void ask('crashed')
    await eventually(() => expect(charge).toHaveBeenCalledTimes(calls + 1))
    expect(await ask('crashed')).toBe(409)
    vi.setSystemTime(Date.now() + 30_000)
    findCharge.mockResolvedValueOnce({ chargeId: 'ch_2' })
    expect(await ask('crashed')).toBe(200)
    expect(charge).toHaveBeenCalledTimes(calls + 1)
  })

  it('takes a webhook once, by its id and by its body', async () => {
    const { webhooks } = await open()
    const handle = vi.fn(async () => {})
    const server = webhooks.serve({ isSigned: (signature) => signature === 'ok', handle })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    const send = async (id: string, body: string, signature = 'ok') => {
      const headers = { 'x-delivery-id': id, 'x-signature': signature, connection: 'close' }
      return (await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body, headers })).status
    }
    try {
      expect(await send('1', 'a', 'bad')).toBe(401)
      expect([await send('1', 'a'), await send('1', 'a'), await send('2', 'a')]).toEqual([200, 200, 200])
      expect(await send('2', 'b')).toBe(422)
      expect(handle).toHaveBeenCalledTimes(1)
      handle.mockRejectedValueOnce(new webhooks.NothingHappened())
      expect([await send('3', 'c'), await send('3', 'c')]).toEqual([503, 200])
      handle.mockRejectedValueOnce(new Error('timed out'))
      expect([await send('4', 'd'), await send('4', 'd')]).toEqual([500, 500])
      expect(await send('', 'e')).toBe(400)
      expect(handle).toHaveBeenCalledTimes(4)
    } finally {
      server.close()
    }
  })

  it('works messages off, and goes on after the last step', async () => {
    const { queue } = await open()
    const fates: Array<string> = []
    const parts: Array<string> = []
    const messages = ['1', '1', '2', '2', '3', '3', ' '].map((id) => ({ id, body: { id } }))
    messages.splice(2, 0, { id: '1', body: { id: 'other' } })
    const tell = (fate: string) => async (message: { readonly id: string }) => void fates.push(`${message.id} ${fate}`)
    const part = (name: string) => async () => {
      parts.push(name)
      return null
    }
    const job: Job = async ({ id }, step) => {
      await step('pack', part(`pack ${id}`))
      if (id === '2' && !fates.includes('2 nack')) throw new queue.TryLater()
      await step('label', part(`label ${id}`))
      if (id === '3') throw new Error('timed out')
    }
    await queue.workOff(
      { take: async () => messages.shift(), ack: tell('ack'), nack: tell('nack'), park: tell('park') },
      job,
      new AbortController().signal
    )
    expect(fates).toEqual(['1 ack', '1 ack', '1 park', '2 nack', '2 ack', '3 park', '3 park', '  park'])
    expect(parts).toEqual(['1', '2', '3'].flatMap((id) => [`pack ${id}`, `label ${id}`]))
  })
}

describe('the applications on keyfold', () => stories(onKeyfold))

describe.runIf(isInstalled)('the applications on the peer', () => {
  stories(onPeer)
  it('keep their types', async () => {
    const args = [resolve('node_modules/typescript/bin/tsc'), '--noEmit', '-p', twins]
    await promisify(execFile)(process.execPath, args)
  }, 300_000)
})
