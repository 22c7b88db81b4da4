import { once } from 'node:events'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { connect } from '../../../../src/adapters/sqlite/connection.ts'
import type { ThreadProgram } from '../../../../src/adapters/sqlite/worker/thread.ts'
import type { Append, EventStore } from '../../../../src/application/ports/event-store.ts'
import { createLedger } from '../../../../src/composition/ledger.ts'
import { appendOf } from '../../../support/append-of.ts'
import { doomed } from '../../../support/doomed.ts'
import { sqliteStoreOn } from '../../../support/sqlite-store.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

const storeWith = (program: ThreadProgram, file = temporaryFile('store.db')): Promise<EventStore> =>
  sqliteStoreOn({ file, writer: 'worker', busyTimeoutMs: 2000 }, connect, program)

const allAtOnce = (store: EventStore, appends: ReadonlyArray<Append>) =>
  Promise.all(appends.map((append) => store.append(append)()))

const idsIn = async (store: EventStore) => {
  const page = await store.readAll('start', '', 1000)()
  return E.isRight(page) ? page.right.events.map(({ id }) => id) : page.left
}

const list = (count: number): ReadonlyArray<Append> => Array.from({ length: count }, () => appendOf(2))

const ended = (why: string) => ({
  left: {
    _tag: 'OutcomeUnknown',
    error: { _tag: 'StoreUnavailable', message: expect.stringContaining(`the writer thread ended: ${why}`) }
  }
})

describe('a writer thread that ends at its work', () => {
  it.each([
    ['exits', 'before a group', { how: 'exit', moment: 'before' }, 'it exited with 3', false],
    ['fails', 'before a group', { how: 'throw', moment: 'before' }, 'doomed', false],
    ['exits', 'before COMMIT', { how: 'exit', moment: 'COMMIT' }, 'it exited with 3', false],
    ['is out of memory', 'before COMMIT', { how: 'grow', moment: 'COMMIT' }, 'Worker terminated due to', false],
    ['exits', 'after COMMIT', { how: 'exit', moment: 'after' }, 'it exited with 3', true],
    ['fails', 'after COMMIT', { how: 'throw', moment: 'after' }, 'doomed', true]
  ] as const)(
    '%s %s: unknown, until the same append tells; and the store goes on',
    async (_, __, doom, why, isThere) => {
      const store = await storeWith(doomed({ ...doom, done: temporaryFile('done') }))
      const appends = list(3)
      const ids = appends.flatMap(({ events }) => events.map(({ id }) => id))
      for (const result of await allAtOnce(store, appends)) expect(result).toMatchObject(ended(why))
      expect(await idsIn(store)).toEqual(isThere ? ids : [])
      expect(await allAtOnce(store, appends)).toEqual(Array(3).fill(E.right({ revision: 1n })))
      expect(await idsIn(store)).toEqual(ids)
    }
  )

  it('is nothing that the callers of a ledger notice', async () => {
    const store = await storeWith(doomed({ how: 'exit', moment: 'after', done: temporaryFile('done') }))
    const ledger = createLedger({ store })
    const request = (key: string) =>
      ({
        tenant: { orgId: 'acme', workspaceId: 'shop', source: 'explicit' },
        operation: 'charge',
        key,
        owner: 'me',
        requestFingerprint: 'sha256:1',
        lease: 'none'
      }) as const
    const keys = Array.from({ length: 40 }, (_, n) => `key ${n}`)
    const answers = await Promise.all(keys.map((key) => ledger.reserve(request(key))))
    expect(new Set(answers.map(({ _tag }) => _tag))).toEqual(new Set(['Reserved']))
    for (const key of keys) expect((await ledger.history(request(key))).map(({ type }) => type)).toEqual(['Reserved'])
    await ledger.dispose()
  })

  it('again and again is left alone: the store goes on without, and says so once', async () => {
    const store = await storeWith(doomed({ how: 'throw', moment: 'before' }))
    const warned = once(process, 'warning')
    let isWarned = false
    void warned.then(() => {
      isWarned = true
    })
    let unknown = 0
    // each append is tried again until it is known
    while (!isWarned) {
      const append = appendOf()
      // a store that is gone is not asked for ever
      while (E.isLeft(await store.append(append)())) expect(++unknown).toBeLessThanOrEqual(4)
    }
    expect(await warned).toMatchObject([
      { code: 'KEYFOLD_NO_WRITER_THREAD', message: expect.stringContaining('the writer thread ended: doomed') }
    ])
    expect(unknown).toBe(4)
    expect(await allAtOnce(store, list(300))).toEqual(Array(300).fill(E.right({ revision: 1n })))
  })
})
