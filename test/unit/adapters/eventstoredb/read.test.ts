import { randomUUID } from 'node:crypto'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { exactly, noStream } from '../../../../src/domain/expected-revision.ts'
import { forbidUnhandledRejections, standIn, storeOn } from '../../../support/eventstoredb.ts'
import { eventually } from '../../../support/eventually.ts'

forbidUnhandledRejections()

const deadlineMs = 800

/** A store whose server holds a hundred events in each of two streams. */
const setUp = async () => {
  const server = await standIn()
  const store = await storeOn(server.url, { deadlineMs })
  const events = () => Array.from({ length: 100 }, () => ({ id: randomUUID(), type: 'T', data: '{}', metadata: '{}' }))
  await store.append({ stream: 'x-1', expected: noStream, events: events() })()
  await store.append({ stream: 'y-1', expected: noStream, events: events() })()
  await store.append({ stream: 'x-1', expected: exactly(99n), events: events() })()
  return { server, store }
}

const timedOut = E.left(expect.objectContaining({ _tag: 'StoreTimeout' }))

describe('reads', () => {
  it('are made at the leader, are drained, and leave no call open', async () => {
    const { server, store } = await setUp()
    for (const count of [1, 17, 200, 1000]) {
      await store.readStream('x-1', 'forwards', 'start', count)()
      await store.readAll('start', 'x-', count)()
    }
    await store.readStream('x-2', 'backwards', 'end', 10)()
    expect(server.openStreams()).toEqual([])
    expect(server.calls.every(({ requiresLeader }) => requiresLeader)).toBe(true)
  })

  it.each([{ do: 'hang' }, { do: 'hang', when: { events: 20 } }, { do: 'hang', when: 'after' }] as const)(
    'end at the deadline where the server stops: %o, and the call is given up',
    async (fault) => {
      const { server, store } = await setUp()
      server.faults.always(({ rpc }) => (rpc === 'read' ? fault : undefined))
      expect(await store.readStream('x-1', 'forwards', 'start', 100)()).toEqual(timedOut)
      await eventually(() => expect(server.openStreams()).toEqual([]))
    }
  )
})

describe('a page of the log', () => {
  it('is what came before the server stopped, and the next page goes on from there', async () => {
    const { server, store } = await setUp()
    server.faults.next({ rpc: 'read', do: 'hang', when: { events: 150 } })
    const page = await store.readAll('start', 'x-', 1000)()
    if (E.isLeft(page)) return expect.fail(page.left.message)
    expect(page.right).toMatchObject({ atEnd: false })
    expect(page.right.events).toHaveLength(100)
    const rest = await store.readAll(page.right.next, 'x-', 1000)()
    if (E.isLeft(rest)) return expect.fail(rest.left.message)
    expect(rest.right.atEnd).toBe(true)
    const revisions = [...page.right.events, ...rest.right.events].map(({ revision }) => revision)
    expect(revisions).toEqual(Array.from({ length: 200 }, (_, n) => BigInt(n)))
    await eventually(() => expect(server.openStreams()).toEqual([]))
  })

  it('is an error where the server brings nothing new before it stops', async () => {
    const { server, store } = await setUp()
    const page = await store.readAll('start', 'x-', 10)()
    if (E.isLeft(page)) return expect.fail(page.left.message)
    // the first event of a read from a position is the one at that position
    for (const events of [0, 1]) {
      server.faults.always(() => ({ do: 'hang', when: events === 0 ? 'before' : { events } }))
      expect(await store.readAll(page.right.next, 'x-', 10)()).toEqual(timedOut)
    }
  })

  it('is what was read before the server failed; the error is for the page that brings nothing', async () => {
    const { server, store } = await setUp()
    server.faults.always(({ nth }) => (nth > 1 ? { do: { error: 'accessDenied' } } : undefined))
    const page = await store.readAll('start', 'z-', 10)()
    if (E.isLeft(page)) return expect.fail(page.left.message)
    expect(page.right).toMatchObject({ events: [], atEnd: false })
    expect(await store.readAll(page.right.next, 'z-', 10)()).toMatchObject(E.left({ _tag: 'AccessDenied' }))
    server.faults.clear()
    expect(await store.readAll(page.right.next, 'z-', 10)()).toMatchObject(E.right({ events: [], atEnd: true }))
  })

  it('refuses a position that no such store gave', async () => {
    const { server, store } = await setUp()
    const before = server.calls.length
    for (const position of ['', '12', '1/2/3', '-1/0', 'x']) {
      expect(await store.readAll(position, 'x-', 1)()).toMatchObject(E.left({ _tag: 'InvalidInput' }))
      for await (const message of store.subscribe({ after: position, streamPrefix: 'x-' })) {
        expect(message).toMatchObject(E.left({ _tag: 'InvalidInput' }))
      }
    }
    expect(server.calls).toHaveLength(before)
  })
})
