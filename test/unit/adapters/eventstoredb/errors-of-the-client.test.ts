import { randomUUID } from 'node:crypto'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { noStream } from '../../../../src/domain/expected-revision.ts'
import type { FailureTag } from '../../../../src/domain/failure.ts'
import type { FaultAction, ServerError, StandIn } from '../../../../src/testing/eventstoredb.ts'
import { standIn, storeOn } from '../../../support/eventstoredb.ts'

const one = () => ({ id: randomUUID(), type: 'T', data: '{}', metadata: '{}' })

const appended = async (server: StandIn, deadlineMs: number) => {
  const store = await storeOn(server.url, { deadlineMs })
  return store.append({ stream: 'x-1', expected: noStream, events: [one()] })()
}

type Row = [ServerError | 'drop' | 'hang', FailureTag, 'NotWritten' | 'OutcomeUnknown']

const toAction = (action: Row[0]): FaultAction => (action === 'drop' || action === 'hang' ? action : { error: action })

/** The table of docs/reference/failures.md, each row sent by a server and seen through the real client. */
const rows: ReadonlyArray<Row> = [
  ['timeout', 'StoreTimeout', 'OutcomeUnknown'],
  ['deadline', 'StoreTimeout', 'OutcomeUnknown'],
  ['hang', 'StoreTimeout', 'OutcomeUnknown'],
  ['drop', 'StoreUnavailable', 'OutcomeUnknown'],
  ['unavailable', 'StoreUnavailable', 'OutcomeUnknown'],
  ['cancelled', 'StoreUnavailable', 'OutcomeUnknown'],
  ['internal', 'StoreUnavailable', 'OutcomeUnknown'],
  ['unknown', 'StoreUnavailable', 'OutcomeUnknown'],
  ['notReady', 'StoreUnavailable', 'NotWritten'],
  ['tooBusy', 'StoreBusy', 'NotWritten'],
  ['notLeader', 'StoreUnavailable', 'NotWritten'],
  ['noLeader', 'StoreUnavailable', 'NotWritten'],
  ['accessDenied', 'AccessDenied', 'NotWritten'],
  ['unauthenticated', 'AccessDenied', 'NotWritten'],
  ['streamDeleted', 'CorruptStream', 'NotWritten'],
  ['maxAppendSize', 'LimitExceeded', 'NotWritten'],
  ['maxEventSize', 'LimitExceeded', 'NotWritten'],
  ['invalidTransaction', 'LimitExceeded', 'NotWritten'],
  ['missingMetadata', 'InvalidInput', 'NotWritten'],
  ['unimplemented', 'NotAStore', 'NotWritten']
]

describe('errors of the client', () => {
  it.each(rows)('%s before the commit: an append is %s, %s', async (error, tag, outcome) => {
    const server = await standIn()
    server.faults.always(() => ({ do: toAction(error) }))
    expect(await appended(server, 400)).toMatchObject(E.left({ _tag: outcome, error: { _tag: tag } }))
    expect(server.records()).toHaveLength(0)
  })

  it.each(rows.filter(([, , outcome]) => outcome === 'OutcomeUnknown'))(
    '%s after the commit: the same, and it was written',
    async (error, tag, outcome) => {
      const server = await standIn()
      server.faults.always(() => ({ when: 'after', do: toAction(error) }))
      expect(await appended(server, 400)).toMatchObject(E.left({ _tag: outcome, error: { _tag: tag } }))
      expect(server.records()).toHaveLength(1)
    }
  )

  it.each(rows)('%s: a read is %s', async (error, tag) => {
    const server = await standIn()
    server.faults.always(() => ({ do: toAction(error) }))
    const store = await storeOn(server.url, { deadlineMs: 400 })
    const left = E.left({ _tag: tag })
    expect(await store.readStream('x-1', 'backwards', 'end', 1)()).toMatchObject(left)
    expect(await store.readAll('start', 'x', 10)()).toMatchObject(left)
  })

  it.each(rows)('%s: a subscription that never got further ends with %s', async (error, tag) => {
    const server = await standIn()
    server.faults.always(() => ({ do: toAction(error) }))
    const store = await storeOn(server.url, { deadlineMs: 400 })
    const begun = performance.now()
    for await (const message of store.subscribe({ after: 'start', streamPrefix: 'x' })) {
      expect(message).toMatchObject(E.left({ _tag: tag }))
    }
    expect(performance.now() - begun).toBeLessThan(1500)
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
