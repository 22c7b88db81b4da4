import { createLedger } from 'keyfold'
import { openMemoryStore } from 'keyfold/memory'
import { describe, expect, it, vi } from 'vitest'
import { program, start } from '../support/child.ts'
import { eventually } from '../support/eventually.ts'
import { gate } from '../support/gate.ts'
import { sqliteStoreOn } from '../support/sqlite-store.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import type { QueueOrder, QueueSaid } from './queue-child.ts'
import { ship } from './snippets/a-job-in-steps.ts'
import { type Job, type Message, type Queue, TryLater, workOff } from './snippets/work-off-a-queue.ts'

const child = program('test/docs/queue-child.ts')

const message: Message = { id: 'm-1', body: { order: 1 } }
const keyOf = (key: string) => ({ tenant: { orgId: 'acme', workspaceId: 'shop' }, operation: 'job', key })

/** A queue in this process that says what became of its messages, and closes when there are no more. */
const queueOf = (...messages: ReadonlyArray<Message>) => {
  const rest = [...messages]
  const fates: Array<string> = []
  const queue: Queue = {
    take: async (signal) => (signal.aborted ? undefined : rest.shift()),
    ack: async ({ id }) => void fates.push(`ack ${id}`),
    nack: async ({ id }) => void fates.push(`again ${id}`),
    park: async ({ id }, why) => void fates.push(`park ${id}: ${why}`)
  }
  return { queue, fates }
}

const setUp = async () => {
  const store = await openMemoryStore()
  const ledger = createLedger({ store })
  const job = vi.fn<Job>(async () => {})
  /** What becomes of messages, one after another, in one worker. */
  const fatesOf = async (...messages: ReadonlyArray<Message>) => {
    const { queue, fates } = queueOf(...messages)
    await workOff(queue, ledger, job, new AbortController().signal)
    return fates
  }
  return { store, ledger, job, fatesOf }
}

describe('the how-to’s worker', () => {
  it('acknowledges what is done, now or before', async () => {
    const { job, fatesOf } = await setUp()
    expect(await fatesOf(message, message)).toEqual(['ack m-1', 'ack m-1'])
    expect(job).toHaveBeenCalledTimes(1)
  })

  it('never acknowledges what is in flight', async () => {
    const { job, fatesOf } = await setUp()
    const { pass, open, reached } = gate()
    job.mockImplementationOnce(pass)
    const first = fatesOf(message)
    await reached
    expect(await fatesOf(message)).toEqual(['again m-1'])
    open()
    expect(await first).toEqual(['ack m-1'])
    expect(job).toHaveBeenCalledTimes(1)
  })

  it('gives back what is to be tried later, and runs no step of it again', async () => {
    const { job, fatesOf } = await setUp()
    const pack = vi.fn(async () => ({ parcel: 'p-1' }))
    const label = vi.fn(async (_parcel: string, _key: string): Promise<void> => {})
    label.mockRejectedValueOnce(new TryLater('the carrier is closed'))
    job.mockImplementation(ship({ pack, label }))
    expect(await fatesOf(message, message)).toEqual(['again m-1', 'ack m-1'])
    expect(pack.mock.calls).toEqual([[message.body]])
    // the carrier is given the same key each time
    expect(label).toHaveBeenCalledTimes(2)
    expect(new Set(label.mock.calls.map(([parcel, key]) => `${parcel} ${key}`)).size).toBe(1)
  })

  it('parks what nobody knows of, another message under a used id, and one that can have no key', async () => {
    const { job, fatesOf } = await setUp()
    job.mockRejectedValueOnce(new Error('connection lost'))
    expect(await fatesOf(message, message)).toEqual(['park m-1: InDoubt', 'park m-1: InDoubt'])
    const other = { id: 'm-2', body: {} }
    expect(await fatesOf(other, { ...other, body: { order: 2 } })).toEqual(['ack m-2', 'park m-2: Conflict'])
    expect(await fatesOf({ id: '', body: null })).toEqual(['park : InvalidInput'])
    expect(job).toHaveBeenCalledTimes(2)
  })

  it('gives everything back while the ledger cannot answer', async () => {
    const { store, job, fatesOf } = await setUp()
    await store.dispose()
    expect(await fatesOf(message)).toEqual(['again m-1'])
    expect(job).not.toHaveBeenCalled()
  })

  it('stops when it is told to: its job hears of it, and the message is given back', async () => {
    const { ledger, job } = await setUp()
    const { queue, fates } = queueOf(message, { ...message, id: 'm-2' })
    const stop = new AbortController()
    job.mockImplementationOnce(async (_, { signal }) => {
      stop.abort()
      signal.throwIfAborted()
    })
    await workOff(queue, ledger, job, stop.signal)
    expect(fates).toEqual(['again m-1'])
    expect(await ledger.get(keyOf('m-1'))).toBeUndefined()
  })
})

it('a worker that is killed in the middle of a job longer than its lease is gone on from, after its last step', {
  timeout: 300_000
}, async () => {
  const file = temporaryFile('jobs.db')
  const ledger = createLedger({ store: await sqliteStoreOn({ file }) })
  const worker = async (order: Partial<QueueOrder>) => {
    const started = start<QueueSaid>(child, { file, aheadMs: 0, ...order })
    await started.hear(({ _tag }) => _tag === 'Ready')
    started.tell(message)
    return started
  }
  const effectsOf = (said: ReadonlyArray<QueueSaid>) =>
    said.flatMap((one) => (one._tag === 'Effect' ? [`${one.step} ${one.attempt}`] : []))

  const victim = await worker({ hangsIn: 'pack' })
  await victim.hear((said) => said._tag === 'Effect' && said.step === 'pack')
  const typesOf = async () => (await ledger.history(keyOf('m-1'))).map(({ type }) => type)
  // the job goes on for as long as it likes: its lease is renewed
  await eventually(async () => expect(await typesOf()).toContain('LeaseRenewed'))
  // the queue lost patience, and has another worker try
  const rival = await worker({})
  await rival.hear(({ _tag }) => _tag === 'GivenBack')
  expect(effectsOf(rival.said)).toEqual([])

  await victim.kill()
  const heir = await worker({ aheadMs: 60_000 })
  await heir.hear(({ _tag }) => _tag === 'Acked')
  expect(effectsOf(victim.said)).toEqual(['reserve 1', 'pack 1'])
  // it may have packed before it died, and had no time to say so: that step runs again, and no other
  expect(effectsOf(heir.said)).toEqual(['pack 2', 'ship 2'])
  rival.tell(message)
  await rival.hear(({ _tag }) => _tag === 'Acked')
  expect(effectsOf(rival.said)).toEqual([])
})
