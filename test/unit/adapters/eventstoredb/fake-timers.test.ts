import * as E from 'fp-ts/Either'
import { expect, it, onTestFinished, vi } from 'vitest'
import { appendOf } from '../../../support/append-of.ts'
import { forbidUnhandledRejections, standIn, storeOn } from '../../../support/eventstoredb.ts'
import { eventually } from '../../../support/eventually.ts'

forbidUnhandledRejections()

const opened = async () => {
  const server = await standIn()
  onTestFinished(() => void vi.useRealTimers())
  const impatient = await storeOn(server.url, { deadlineMs: 1000 })
  return { server, store: await storeOn(server.url), impatient }
}

it('a store answers, and gives up in time, where a test has put its own timers in place', async () => {
  const { server, store, impatient } = await opened()
  await eventually(async () => expect(await impatient.append(appendOf(1))()).toMatchObject({ _tag: 'Right' }))
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
  expect(await impatient.readStream('x-1', 'forwards', 'start', 1)()).toMatchObject(E.left({ _tag: 'StoreTimeout' }))
  expect(await impatient.append(appendOf(1))()).toMatchObject(E.left({ _tag: 'OutcomeUnknown' }))
})

it('a store gives up in time where gRPC stands still, since a test has taken setImmediate too', async () => {
  const { impatient } = await opened()
  vi.useFakeTimers()
  const reading = impatient.readAll('start', 'test-', 1)()
  const calls = [impatient.append(appendOf(1))(), impatient.append(appendOf(1))(), reading]
  for (const call of calls) expect(await call).toMatchObject({ _tag: 'Left' })
  for await (const message of impatient.subscribe({ after: 'start', streamPrefix: 'test-' })) {
    expect(message).toMatchObject(E.left({ _tag: 'StoreTimeout' }))
  }
})
