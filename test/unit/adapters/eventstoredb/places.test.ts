import { randomUUID } from 'node:crypto'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import type { EventStore, Position } from '../../../../src/application/ports/event-store.ts'
import { noStream } from '../../../../src/domain/expected-revision.ts'
import { checkpointAnswer, confirmationAnswer } from '../../../../src/testing/eventstoredb-stand-in/read-answers.ts'
import { appendOf, proposed } from '../../../support/append-of.ts'
import { clockAhead } from '../../../support/clock-ahead.ts'
import { forbidUnhandledRejections, standIn, storeOn } from '../../../support/eventstoredb.ts'
import { hostileServer, type Trailed } from '../../../support/hostile-server.ts'
import { soundEvent, stream } from './hostile-rows.ts'

forbidUnhandledRejections()

const end = 2n ** 64n - 1n
const largest = 2n ** 63n

const lastOf = async (store: EventStore, after: Position) => {
  let last: E.Either<unknown, unknown> | undefined
  for await (const message of store.subscribe({ after, streamPrefix: 'x-' })) last = message
  return last
}

const refusedAt = (path: string) => E.left(expect.objectContaining({ _tag: 'InvalidInput', path }))

describe('a place where no event can lie', () => {
  it.each([
    `${end}/${end}`,
    `${largest}/0`,
    `${largest}/${largest}`,
    '1/2',
    '99999999999999999999/0',
    '-1/-1',
    '5',
    '',
    'x'.repeat(100_000),
    5 as never,
    undefined as never,
    null as never
  ])('%.40s is refused as `after`, and not sent', async (after) => {
    const server = await standIn()
    const store = await storeOn(server.url)
    const read = await store.readAll(after, 'x-', 10)()
    expect(read).toEqual(refusedAt('$.after'))
    expect(await lastOf(store, after)).toEqual(refusedAt('$.after'))
    expect(JSON.stringify(read).length).toBeLessThan(600)
    expect(server.calls).toEqual([])
  })

  it('2^64 - 1, which an older keyfold may have stored, is refused with the way back', async () => {
    const store = await storeOn((await standIn()).url)
    expect(await store.readAll(`${end}/${end}`, 'x-', 10)()).toMatchObject(
      E.left({ message: expect.stringMatching(/24\.6 to 24\.10\.4.*go on from the last event.*or from the start/) })
    )
  })

  it('behind the end of a stream nothing comes: answered at once, without asking', async () => {
    const server = await standIn()
    const store = await storeOn(server.url)
    expect(await store.readStream('x-1', 'forwards', 'end', 10)()).toEqual(E.right([]))
    expect(server.calls).toEqual([])
  })

  it('a checkpoint that means the end costs no event, also where the subscription is dropped after it', async () => {
    let opened = 0
    const address = await hostileServer({
      read: (request) => {
        const from = request.getOptions()?.getAll()?.getPosition()?.getCommitPosition() ?? 'start'
        froms.push(from)
        // whoever resumes at the end is not told of what came before
        const isFirst = opened++ === 0
        return {
          messages: [confirmationAnswer(), isFirst ? checkpointAnswer({ commit: -1n, prepare: -1n }) : soundEvent()],
          end: isFirst ? { code: 14 } : 'never'
        }
      }
    })
    const froms: Array<string> = []
    const store = await storeOn(`esdb://${address}?tls=false`)
    for await (const message of store.subscribe({ after: 'start', streamPrefix: 'x-' })) {
      expect(message).toMatchObject(E.right({ _tag: 'Event', event: { position: '100/100' } }))
      break
    }
    expect(froms).toEqual(['start', 'start'])
  })
})

const unforeseen = { end: { code: 2, details: 'Unexpected ReadAllResult' } } as const

describe('which errors of a read are worth another try', () => {
  const rows: ReadonlyArray<readonly [Trailed, number | 'until the deadline', string, string]> = [
    [{ code: 14, details: 'gone' }, 'until the deadline', 'StoreUnavailable', 'gone'],
    [{ code: 1, details: 'Call cancelled' }, 'until the deadline', 'StoreUnavailable', 'cancelled'],
    [{ code: 13, details: 'Received RST_STREAM' }, 'until the deadline', 'StoreUnavailable', 'RST_STREAM'],
    [{ code: 15, details: 'lost' }, 'until the deadline', 'StoreUnavailable', 'lost'],
    [{ code: 14, details: 'Server Is Not Ready' }, 'until the deadline', 'StoreUnavailable', 'not ready'],
    [{ code: 2, details: 'No leader info available' }, 'until the deadline', 'StoreUnavailable', 'no leader'],
    [{ code: 2, details: 'Unexpected ReadAllResult: Error' }, 2, 'InvalidInput', 'Unexpected ReadAllResult'],
    [{ code: 3, details: 'bad' }, 1, 'InvalidInput', 'bad'],
    [{ code: 7, details: 'no' }, 1, 'AccessDenied', '$r of $all'],
    [{ code: 8, details: 'too large' }, 1, 'StoreUnavailable', 'too large'],
    [{ code: 10, details: 'timeout' }, 1, 'StoreTimeout', 'timeout'],
    [{ code: 12, details: 'what?' }, 1, 'NotAStore', 'what?']
  ]

  it.each(rows)('%j: %s', async (error, tries, tag, says) => {
    let asked = 0
    const address = await hostileServer({
      read: () => {
        asked++
        // the first call is answered: a server that never was is told of at once
        return asked === 1 ? { messages: [soundEvent()], end: 'ok' } : { end: error }
      }
    })
    const deadlineMs = tries === 'until the deadline' ? 600 : 2 ** 40
    const store = await storeOn(`esdb://${address}?tls=false`, { deadlineMs })
    expect(await store.readStream(stream, 'forwards', 'start', 1)()).toMatchObject(E.right([{ revision: 0n }]))
    expect(await store.readAll('50/50', 'x-', 1)()).toMatchObject(
      E.left({ _tag: tag, message: expect.stringMatching(new RegExp(says.replaceAll(/[$?]/g, '\\$&'), 'i')) })
    )
    if (tries === 'until the deadline') expect(asked).toBeGreaterThan(3)
    else expect(asked).toBe(1 + tries)
  })

  it.each(['forwards', 'backwards'] as const)('UNKNOWN is no word on the revision: %s', async (direction) => {
    const server = await standIn()
    const store = await storeOn(server.url)
    const append = appendOf(2)
    await store.append(append)()
    server.faults.next({ rpc: 'read', do: { error: 'unknown' }, times: 2 })
    expect(await store.readStream(append.stream, direction, 0n, 1)()).toMatchObject(
      E.left({ _tag: 'StoreUnavailable' })
    )
    expect(server.faults.outstanding()).toBe(0)
    expect(await store.readStream(append.stream, direction, 0n, 1)()).toMatchObject(E.right([{ revision: 0n }]))
  })

  it('UNKNOWN is a word on a position where it comes twice, as the first answer ever too', async () => {
    let asked = 0
    const address = await hostileServer({
      read: () => {
        asked++
        return unforeseen
      }
    })
    const store = await storeOn(`esdb://${address}?tls=false`)
    expect(await store.readAll('50/50', 'x-', 1)()).toEqual(refusedAt('$.after'))
    expect(asked).toBe(2)
  })

  it('UNKNOWN is no word on a position where there is no time to ask again', async () => {
    const deadlineMs = 20_000
    const address = await hostileServer({
      read: () => {
        clockAhead(deadlineMs)
        return unforeseen
      }
    })
    const store = await storeOn(`esdb://${address}?tls=false`, { deadlineMs })
    expect(await store.readAll('50/50', 'x-', 1)()).toMatchObject(E.left({ _tag: 'StoreUnavailable' }))
  })

  it('a subscription from where the server twice cannot read ends with its words', async () => {
    const address = await hostileServer({ read: () => unforeseen })
    const store = await storeOn(`esdb://${address}?tls=false`, { deadlineMs: 2 ** 40 })
    expect(await lastOf(store, '50/50')).toMatchObject(
      E.left({ _tag: 'InvalidInput', path: '$.after', message: expect.stringContaining('Unexpected ReadAllResult') })
    )
  })

  it('whoever may not read $all is told which right is missing, by a subscription too', async () => {
    const address = await hostileServer({ read: () => ({ end: { code: 7, details: 'Access Denied' } }) })
    const store = await storeOn(`esdb://${address}?tls=false`)
    expect(await lastOf(store, 'start')).toMatchObject(
      E.left({ _tag: 'AccessDenied', message: expect.stringContaining('$r of $all') })
    )
  })
})

describe('an append that no server takes', () => {
  const nil = '00000000-0000-0000-0000-000000000000'
  const mebibyte = 1024 * 1024

  it.each([
    ['a nil id', { ...proposed(), id: nil }, 'InvalidInput'],
    ['an event over 16 MiB', proposed('x'.repeat(16 * mebibyte)), 'LimitExceeded']
  ])('%s is refused as not written, and not sent', async (_, event, tag) => {
    const server = await standIn()
    const store = await storeOn(server.url, { maxAppendBytes: 256 * mebibyte })
    const append = { stream: 'x-1', expected: noStream, events: [proposed(), event] }
    expect(await store.append(append)()).toMatchObject(E.left({ _tag: 'NotWritten', error: { _tag: tag } }))
    expect(server.calls).toEqual([])
  })

  it('one of many events may be over 16 MiB altogether', async () => {
    const server = await standIn({ maxAppendSize: 64 * mebibyte })
    const store = await storeOn(server.url, { maxAppendBytes: 64 * mebibyte, deadlineMs: 20_000 })
    const { events } = appendOf(4, 'x', noStream, 'x'.repeat(5 * mebibyte))
    expect(await store.append({ stream: `x-${randomUUID()}`, expected: noStream, events })()).toEqual(
      E.right({ revision: 3n })
    )
  })
})
