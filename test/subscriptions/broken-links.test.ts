import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { failure } from '../../src/domain/failure.ts'
import { createLedger, type LedgerMessage } from '../../src/index.ts'
import { createProjections, keyIndex, openMemoryViews } from '../../src/projections.ts'
import { executed } from '../support/frozen-files.ts'
import { asking, claimOf, done, idOf, keyOf, scriptedLedger } from '../support/scripted-ledger.ts'
import { sqliteStoreOn } from '../support/sqlite-store.ts'
import { temporaryFile } from '../support/temporary-file.ts'

/** A file with a key of three events, and another one, whose log was changed by these statements while nobody had it open. */
const changedBy = async (statements: string) => {
  const file = temporaryFile('store.db')
  const before = await sqliteStoreOn({ file })
  const ledger = createLedger({ store: before })
  const claim = claimOf(await ledger.reserve(asking()))
  await ledger.reserve(asking())
  await ledger.complete({ claim, outcome: done })
  await ledger.reserve(asking({ key: 'other' }))
  await ledger.dispose()
  await before.dispose()
  executed(file, statements)
  const store = await sqliteStoreOn({ file })
  return { store, ledger: createLedger({ store }) }
}

const hole = 'DELETE FROM events WHERE position = 2'

/** Two events of a key have changed places in the log, and so revisions. */
const swapped = `UPDATE events SET revision = 9 WHERE position = 2; UPDATE events SET revision = 1 WHERE position = 3;
  UPDATE events SET revision = 2 WHERE position = 2`

const placeOf = (message: LedgerMessage): string => {
  if (message._tag === 'Event') return `${message.recordId === idOf() ? 'k' : 'other'} ${message.entry.revision}`
  return message._tag === 'Unreadable' ? `unreadable ${message.revision}` : message._tag
}

describe('a log in which an event does not follow on the one before it', () => {
  it.each([
    ['a hole', hole, ['k 0', 'unreadable 2', 'other 0', 'CaughtUp']],
    ['two that were swapped', swapped, ['k 0', 'unreadable 2', 'unreadable 1', 'other 0', 'CaughtUp']]
  ])('is told so in a subscription: %s', async (_, statements, places) => {
    const { ledger } = await changedBy(statements)
    const told: Array<string> = []
    for await (const message of ledger.subscribe({ unreadable: 'tell' })) {
      if (message._tag !== 'Checkpoint') told.push(placeOf(message))
      if (message._tag === 'CaughtUp') break
    }
    expect(told).toEqual(places)
    const failing = async () => {
      for await (const message of ledger.subscribe()) if (message._tag === 'CaughtUp') break
    }
    await expect(failing()).rejects.toMatchObject({ tag: 'CorruptStream' })
  })

  it('keeps its key out of a view, as out of a scan', async () => {
    const { store, ledger } = await changedBy(hole)
    const unreadable: Array<string | undefined> = []
    const scanned = await ledger.taskEither.list({ onUnreadable: ({ recordId }) => void unreadable.push(recordId) })()
    const projections = createProjections({ store, views: await openMemoryViews() })
    const runner = projections.run(keyIndex)
    await projections.waitUntil('key_index', 'end')
    expect(await projections.parked('key_index')).toMatchObject([
      { recordId: idOf(), revision: '2', tag: 'CorruptStream', reason: expect.stringContaining('does not follow') }
    ])
    expect(unreadable).toEqual([idOf()])
    expect(scanned).toMatchObject(E.right([{ recordId: idOf('other') }]))
    await runner.stop()
    await projections.dispose()
  })
})

describe('a subscription that goes on behind an event', () => {
  const positionsOf = async (world: ReturnType<typeof scriptedLedger>) => {
    const read = await world.store.readAll('start', '', 10)()
    return E.isRight(read) ? read.right.events.map(({ position }) => position) : []
  }

  it('asks the store for the event before, and fails where it cannot tell: nothing is passed over', async () => {
    const world = scriptedLedger()
    const claim = claimOf(await world.ledger.reserve(asking()))
    await world.ledger.complete({ claim, outcome: done })
    const [first, second] = await positionsOf(world)
    const from = world.ledger.taskEither.subscribe({ after: first })[Symbol.asyncIterator]()
    world.store.onRead(async () => E.left(failure('StoreUnavailable', 'away')))
    expect(await from.next()).toMatchObject({ value: { left: { _tag: 'StoreUnavailable' } } })
    expect(await from.next()).toMatchObject({ done: true })
    const again = world.ledger.taskEither.subscribe({ after: first })[Symbol.asyncIterator]()
    expect(await again.next()).toMatchObject({ value: { right: { _tag: 'Event', position: second } } })
    await again.return?.()
    expect(await world.ledger.get(keyOf())).toMatchObject({ outcome: done })
  })
})
