import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import type { EventStore } from '../../../../src/application/ports/event-store.ts'
import { createLedger } from '../../../../src/composition/ledger.ts'
import { failure, standingClaim } from '../../../../src/domain/failure.ts'
import { appendOf } from '../../../support/append-of.ts'
import { connectAround, sqliteError } from '../../../support/connect-around.ts'
import { sqliteStoreOn } from '../../../support/sqlite-store.ts'

type Moment = 'before' | 'after' | 'never'

/** A store whose COMMIT fails, or seems to: the next ones in the order of the list, then none. */
const doubtful = async (error = sqliteError('SQLITE_IOERR_WRITE', 778)) => {
  const moments: Array<Moment> = []
  let always: Moment | undefined
  const store = await sqliteStoreOn(
    {},
    connectAround((sql, call) => {
      const moment = sql === 'COMMIT' ? (always ?? moments.shift() ?? 'never') : 'never'
      if (moment === 'before') throw error
      const result = call()
      if (moment === 'after') throw error
      return result
    })
  )
  return {
    store,
    next: (...list: ReadonlyArray<Moment>) => void moments.push(...list),
    always: (moment: Moment | undefined) => {
      always = moment
    }
  }
}

const idsIn = async (store: EventStore) => {
  const page = await store.readAll('start', '', 1000)()
  return E.isRight(page) ? page.right.events.map(({ id }) => id) : page.left
}

describe('an I/O error at COMMIT', () => {
  it.each(['before', 'after'] as const)('is unknown, and the same append tells (%s it was written)', async (moment) => {
    const { store, next } = await doubtful()
    const appends = Array.from({ length: 5 }, () => appendOf(2))
    const ids = appends.flatMap(({ events }) => events.map(({ id }) => id))
    next(moment)
    for (const result of await Promise.all(appends.map((append) => store.append(append)()))) {
      expect(result).toMatchObject({ left: { _tag: 'OutcomeUnknown', error: { _tag: 'StoreUnavailable' } } })
    }
    expect(await idsIn(store)).toEqual(moment === 'after' ? ids : [])
    for (const append of appends) expect(await store.append(append)()).toEqual(E.right({ revision: 1n }))
    expect(await idsIn(store)).toEqual(ids)
  })

  it.each(['before', 'after'] as const)('is unknown for many streams at once too (%s)', async (moment) => {
    const { store, next } = await doubtful()
    const appends = [appendOf(1), appendOf(2)]
    next(moment)
    expect(await store.appendAtomically?.(appends)()).toMatchObject({
      left: { _tag: 'OutcomeUnknown', error: { _tag: 'StoreUnavailable' }, index: 2 }
    })
    expect(await idsIn(store)).toHaveLength(moment === 'after' ? 3 : 0)
    expect(await store.appendAtomically?.(appends)()).toEqual(E.right(undefined))
    expect(await idsIn(store)).toHaveLength(3)
  })

  it.each([
    ['SQLITE_FULL', 13, 'StoreFull'],
    ['SQLITE_BUSY', 5, 'StoreBusy'],
    ['SQLITE_READONLY', 8, 'StoreReadOnly']
  ])('any other that leaves nothing behind is NotWritten (%s)', async (code, rawCode, tag) => {
    const { store, next } = await doubtful(sqliteError(code, rawCode))
    const append = appendOf(2)
    next('before')
    expect(await store.append(append)()).toMatchObject({ left: { _tag: 'NotWritten', error: { _tag: tag } } })
    expect(await idsIn(store)).toEqual([])
    expect(await store.append(append)()).toEqual(E.right({ revision: 1n }))
  })
})

describe('the ledger on top', () => {
  const tenant = { orgId: 'acme', workspaceId: 'shop', source: 'explicit' } as const
  const request = (key: string) => ({
    tenant,
    operation: 'charge',
    key,
    owner: 'worker',
    requestFingerprint: 'sha256:1',
    lease: 'none' as const
  })
  const outcome = { outcomeKind: 'charged', completedAtMs: 1 }

  it('answers right whichever way it went', async () => {
    const { store, next } = await doubtful()
    const ledger = createLedger({ store })
    const ways: ReadonlyArray<Moment> = ['before', 'after', 'never']
    for (const first of ways) {
      for (const second of ways) {
        for (const third of ways) {
          const key = request(`${first} ${second} ${third}`)
          next(first, second, third)
          const reserved = await ledger.reserve(key)
          if (reserved._tag !== 'Reserved') throw new Error(reserved._tag)
          const completed = await ledger.complete({ claim: reserved.claim, outcome })
          expect(completed._tag).toBe('Completed')
          expect((await ledger.reserve(key))._tag).toBe('Duplicate')
          const types = (await ledger.history(key)).map(({ type }) => type)
          expect(types).toEqual(['Reserved', 'Completed', 'DuplicateSeen'])
        }
      }
    }
    await ledger.dispose()
  })

  it.each(['before', 'after'] as const)(
    'says so where it lasts, with the claim that finds it out (%s)',
    async (way) => {
      const { store, always } = await doubtful()
      // what can be read tells what became of an append whose last try came too late to be made
      let unread = true
      const readStream: typeof store.readStream = (...asked) =>
        unread ? async () => E.left(failure('StoreUnavailable', 'not now')) : store.readStream(...asked)
      const ledger = createLedger({ store: { ...store, readStream }, deadlineMs: 1000 })
      const key = request('key')
      always(way)
      const failed = await ledger.taskEither.reserve(key)()
      unread = false
      expect(failed).toMatchObject({ left: { _tag: 'AppendUnknown', claim: { epoch: 1 } } })
      expect(await idsIn(store)).toHaveLength(way === 'after' ? 1 : 0)
      always(undefined)
      const claim = E.isLeft(failed) ? standingClaim(failed.left) : undefined
      if (claim === undefined) throw new Error('no claim')
      expect(await ledger.reserve({ ...key, claimId: claim.claimId })).toMatchObject({ _tag: 'Reserved', claim })
      expect((await ledger.history(key)).map(({ type }) => type)).toEqual(['Reserved'])
      await ledger.dispose()
    }
  )
})
