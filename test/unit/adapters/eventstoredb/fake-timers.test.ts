import * as E from 'fp-ts/Either'
import { expect, it, onTestFinished, vi } from 'vitest'
import { appendOf } from '../../../support/append-of.ts'
import { forbidUnhandledRejections, standIn, storeOn } from '../../../support/eventstoredb.ts'

forbidUnhandledRejections()

const opened = async () => {
  const server = await standIn()
  const store = await storeOn(server.url, { deadlineMs: 1000 })
  onTestFinished(() => void vi.useRealTimers())
  return { server, store }
}

it('a store answers, and gives up in time, where a test has put its own timers in place', async () => {
  const { server, store } = await opened()
  // gRPC itself cannot do without setImmediate
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] })
  const together = Array.from({ length: 5 }, () => store.append(appendOf(1))())
  expect(await Promise.all(together)).toEqual(together.map(() => E.right({ revision: 0n })))
  expect(await store.readAll('start', 'test-', 1)()).toMatchObject(E.right({ atEnd: false }))
  for await (const message of store.subscribe({ after: 'start', streamPrefix: 'test-' })) {
    expect(message).toMatchObject(E.right({ _tag: 'Event' }))
    break
  }
  server.faults.always(() => ({ do: 'hang' }))
  expect(await store.readStream('x-1', 'forwards', 'start', 1)()).toMatchObject(E.left({ _tag: 'StoreTimeout' }))
  expect(await store.append(appendOf(1))()).toMatchObject(E.left({ _tag: 'OutcomeUnknown' }))
})

it('a store gives up in time where gRPC stands still, since a test has taken setImmediate too', async () => {
  const { store } = await opened()
  vi.useFakeTimers()
  const calls = [store.append(appendOf(1))(), store.append(appendOf(1))(), store.readAll('start', 'test-', 1)()]
  for (const call of calls) expect(await call).toMatchObject({ _tag: 'Left' })
  for await (const message of store.subscribe({ after: 'start', streamPrefix: 'test-' })) {
    expect(message).toMatchObject(E.left({ _tag: 'StoreTimeout' }))
  }
})
