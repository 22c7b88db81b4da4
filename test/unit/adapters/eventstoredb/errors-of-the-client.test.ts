import { randomUUID } from 'node:crypto'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import type { EventStore, StoreError, SubscriptionMessage } from '../../../../src/application/ports/event-store.ts'
import { noStream } from '../../../../src/domain/expected-revision.ts'
import type { Fault, FaultAction, StandIn } from '../../../../src/testing/eventstoredb.ts'
import { forbidUnhandledRejections, standIn, storeOn } from '../../../support/eventstoredb.ts'
import { documented, examples } from './error-table.ts'

forbidUnhandledRejections()

/** Only what waits for the end of its time gets a short one: on a busy machine all else would run out of it too. */
const waits: ReadonlySet<unknown> = new Set(['hang', 'freeze', 'notLeader', 'noLeader', 'notReady'])

const deadlineFor = (sent: unknown): number => (waits.has(sent) ? 2000 : 20_000)

const one = () => ({ id: randomUUID(), type: 'T', data: '{}', metadata: '{}' })

type Sent = NonNullable<(typeof examples)[string]['sent']>[number]

const toAction = (sent: Sent): FaultAction =>
  sent === 'drop' || sent === 'freeze' || sent === 'hang' ? sent : { error: sent }

/** A store that is connected, so that its time is not for that; faults strike from now on. */
const connectedTo = async (server: StandIn, sent: unknown, fault: Fault): Promise<EventStore> => {
  const store = await storeOn(server.url, { deadlineMs: deadlineFor(sent) })
  await store.readStream('x-0', 'forwards', 'start', 1)()
  server.faults.always(() => fault)
  return store
}

const appended = async (server: StandIn, sent: Sent, when: 'before' | 'after') => {
  const store = await connectedTo(server, sent, { when, do: toAction(sent) })
  return store.append({ stream: 'x-1', expected: noStream, events: [one()] })()
}

/** Each row of the documented table that a server can bring about, seen through the real client. */
const rows = documented.flatMap(({ given, tag = '', append }) =>
  (examples[given]?.sent ?? []).map((sent) => ({
    sent,
    tag,
    outcome: append === 'not written' ? 'NotWritten' : 'OutcomeUnknown'
  }))
)

describe('errors of the client', () => {
  it.each(rows)('$sent before the commit: an append is $tag, $outcome', async ({ sent, tag, outcome }) => {
    const server = await standIn()
    expect(await appended(server, sent, 'before')).toMatchObject(E.left({ _tag: outcome, error: { _tag: tag } }))
    expect(server.records()).toHaveLength(0)
  })

  it.each(rows.filter(({ outcome }) => outcome === 'OutcomeUnknown'))(
    '$sent after the commit: the same, and it was written',
    async ({ sent, tag, outcome }) => {
      const server = await standIn()
      expect(await appended(server, sent, 'after')).toMatchObject(E.left({ _tag: outcome, error: { _tag: tag } }))
      expect(server.records()).toHaveLength(1)
    }
  )

  it.each(rows)('$sent: reads and a subscription that never got further are $tag', async ({ sent, tag }) => {
    const server = await standIn()
    server.faults.always(() => ({ do: toAction(sent) }))
    const store = await storeOn(server.url, { deadlineMs: deadlineFor(sent) })
    // a subscription tries until its time is over, whatever it was told; a busy machine may need more of it for one try
    const lastOf = async () => {
      let message: E.Either<StoreError, SubscriptionMessage> | undefined
      for (const deadlineMs of [1000, 4000, 16_000]) {
        const patient = await storeOn(server.url, { deadlineMs })
        const messages = patient.subscribe({ after: 'start', streamPrefix: 'x' })[Symbol.asyncIterator]()
        message = (await messages.next()).value
        if (message !== undefined && E.isLeft(message) && message.left._tag === tag) break
      }
      return message
    }
    const left = E.left({ _tag: tag })
    const results = [store.readStream('x-1', 'backwards', 'end', 1)(), store.readAll('start', 'x', 10)(), lastOf()]
    for (const result of await Promise.all(results)) expect(result).toMatchObject(left)
  })

  it('reports the limit that the server enforces, and the size', async () => {
    const server = await standIn({ maxAppendSize: 2000 })
    const store = await storeOn(server.url)
    const event = { ...one(), data: JSON.stringify('x'.repeat(3000)) }
    expect(await store.append({ stream: 'x-1', expected: noStream, events: [event] })()).toMatchObject(
      E.left({ _tag: 'NotWritten', error: { _tag: 'LimitExceeded', limit: 2000, size: 3006 } })
    )
  })
})
