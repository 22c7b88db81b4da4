import * as E from 'fp-ts/Either'
import { expect, it, onTestFinished } from 'vitest'
import { connect } from '../../../../src/adapters/sqlite/connection.ts'
import { sqliteStoreBy } from '../../../../src/adapters/sqlite/event-store.ts'
import { appendOf } from '../../../support/append-of.ts'
import { connectAround, sqliteError } from '../../../support/connect-around.ts'
import { eventSql } from '../../../support/event-sql.ts'
import { eventually } from '../../../support/eventually.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

/** A store whose next COMMIT fails on demand, with one view; how often that was brought level. */
const keeping = async () => {
  const file = temporaryFile('store.db')
  let fails = false
  const connectTo = connectAround((sql, call) => {
    if (fails && sql === 'COMMIT') {
      fails = false
      throw sqliteError('SQLITE_FULL', 13)
    }
    return call()
  })
  let levelled = 0
  const view = {
    name: 'counted',
    prepare: () => E.right(undefined),
    advance: () => {
      levelled++
      return E.right(true)
    }
  }
  const store = await sqliteStoreBy(connectTo)({ file }, [view])()
  if (E.isLeft(store)) throw new Error(store.left.message)
  onTestFinished(store.right.dispose)
  // as it is opened, and once more: from then on only a write, or what is not done, has the store look at it
  await eventually(() => expect(levelled).toBe(2))
  const failNext = (): number => {
    fails = true
    return levelled
  }
  return { file, store: store.right, failNext, levelled: () => levelled }
}

it('a view is brought level again where the transaction of an append was taken back', async () => {
  const { store, failNext, levelled } = await keeping()
  const before = failNext()
  expect(E.isLeft(await store.append(appendOf())())).toBe(true)
  await eventually(() => expect(levelled()).toBeGreaterThan(before + 1))
})
it('a view is brought level again where that itself was taken back', async () => {
  const { file, failNext, levelled } = await keeping()
  const before = failNext()
  const other = connect(file)
  onTestFinished(other.close)
  other.exec(eventSql(1, 'test-idem_1', 'event 1'))
  await eventually(() => expect(levelled()).toBeGreaterThan(before + 1))
})
