import { randomUUID } from 'node:crypto'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { noStream } from '../../../../src/domain/expected-revision.ts'
import { openEventStoreDbStore, openEventStoreDbStoreTaskEither } from '../../../../src/eventstoredb.ts'
import { forbidUnhandledRejections, standIn, storeOn } from '../../../support/eventstoredb.ts'

forbidUnhandledRejections()

const connectionString = 'esdb://h'
const numbers: ReadonlyArray<unknown> = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '5', null, {}]

const cases: ReadonlyArray<readonly [unknown, string]> = [
  [undefined, '$'],
  [null, '$'],
  ['esdb://h', '$'],
  [[], '$'],
  [{}, '$.connectionString'],
  [{ connectionString: 5 }, '$.connectionString'],
  [{ connectionString: undefined }, '$.connectionString'],
  [{ connectionString: new URL('esdb://h') }, '$.connectionString'],
  [{ connectionString: '' }, '$.connectionString'],
  [{ client: {} }, '$.client'],
  [{ client: null }, '$.client'],
  [{ client: 5 }, '$.client'],
  [{ client: {}, credentials: 5 }, '$.credentials'],
  [{ client: {}, credentials: { username: 'a' } }, '$.credentials'],
  [{ client: {}, connectionString }, '$.connectionString'],
  [{ client: {}, connectionString: null }, '$.connectionString'],
  [{ connectionString, credentials: { username: 'a', password: 'b' } }, '$.credentials'],
  [{ connectionString, client: undefined, credentials: null }, '$.credentials'],
  [{ connectionString, subscriptions: 5 }, '$.subscriptions'],
  [{ connectionString, subscriptions: null }, '$.subscriptions'],
  [{ connectionString, subscriptions: { pace: 5 } }, '$.subscriptions.pace'],
  ...numbers.flatMap((value) => [
    [{ connectionString, deadlineMs: value }, '$.deadlineMs'] as const,
    [{ connectionString, maxAppendBytes: value }, '$.maxAppendBytes'] as const,
    [{ connectionString, subscriptions: { outageMs: value } }, '$.subscriptions.outageMs'] as const
  ]),
  ...['defaultDeadline=0', 'defaultDeadline=1e3', 'keepAliveInterval=-2', 'gossipTimeout=99999999999999999'].map(
    (option) => [{ connectionString: `esdb://h?${option}` }, '$.connectionString'] as const
  )
]

describe('options that make no sense', () => {
  it.each(cases)('%j is InvalidInput at %s, in both styles', async (options, path) => {
    const left = { _tag: 'InvalidInput', path, message: expect.any(String) }
    expect(await openEventStoreDbStoreTaskEither(options as never)()).toEqual(E.left(expect.objectContaining(left)))
    await expect(openEventStoreDbStore(options as never)).rejects.toMatchObject({ failure: { path } })
  })

  it('nothing at all is InvalidInput too', async () => {
    const open: (...none: []) => Promise<unknown> = openEventStoreDbStore as never
    await expect(open()).rejects.toMatchObject({ tag: 'InvalidInput' })
  })

  it('what is undefined is as if it were left out', async () => {
    const options = {
      connectionString,
      client: undefined,
      credentials: undefined,
      deadlineMs: undefined,
      subscriptions: { outageMs: undefined }
    }
    expect(await openEventStoreDbStoreTaskEither(options as never)()).toMatchObject({ _tag: 'Right' })
  })
})

describe('times longer than a timer of Node’s', () => {
  const long = [2 ** 31, 2 ** 31 - 1, 2 ** 40, 2 ** 53 - 1]

  it.each(long)('%d ms are as long as that, and not one', async (deadlineMs) => {
    const server = await standIn()
    server.faults.always(() => ({ do: { delayMs: 50 } }))
    const [firstMs, maxMs, quietMs, livenessMs, outageMs] = Array.from({ length: 5 }, () => deadlineMs)
    const subscriptions = { firstMs, maxMs, quietMs, livenessMs, outageMs } as const
    const store = await storeOn(server.url, { deadlineMs, subscriptions: subscriptions as never })
    const events = [{ id: randomUUID(), type: 'T', data: '{}', metadata: '{}' }]
    expect(await store.append({ stream: 'x-1', expected: noStream, events })()).toEqual(E.right({ revision: 0n }))
    expect(await store.readStream('x-1', 'forwards', 'start', 1)()).toMatchObject(E.right([{ revision: 0n }]))
    expect(await store.readAll('start', 'x-', 1)()).toMatchObject(E.right({ atEnd: true }))
    for await (const message of store.subscribe({ after: 'start', streamPrefix: 'x-' })) {
      expect(message).toMatchObject(E.right({ _tag: 'Event' }))
      break
    }
  })
})
