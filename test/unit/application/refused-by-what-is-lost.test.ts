import * as E from 'fp-ts/Either'
import { expect, it } from 'vitest'
import { memoryStore } from '../../../src/adapters/memory/event-store.ts'
import { createLedger, type EventStore } from '../../../src/index.ts'
import { asking, claimOf, done, keyOf } from '../../support/scripted-ledger.ts'

it('a key is not locked by an event that a leader told of and never committed', async () => {
  const inner = memoryStore()
  let leaderDies = false
  const store: EventStore = {
    ...inner,
    append:
      (...asked) =>
      async () => {
        if (!leaderDies) return inner.append(...asked)()
        leaderDies = false
        return E.left({ _tag: 'WrongExpectedRevision', actual: 1n })
      },
    isRemoved: () => async () => E.right(false),
    confirmCurrent: () => async () => E.right('fromNowOn')
  }
  const ledger = createLedger({ store, deadlineMs: 1500 })
  const claim = claimOf(await ledger.reserve(asking({ lease: 60_000 })))
  leaderDies = true
  expect(await ledger.renew({ claim, leaseMs: 90_000 })).toMatchObject({ _tag: 'Renewed' })
  expect(await ledger.get(keyOf())).toMatchObject({ epoch: 1 })
  expect(await ledger.complete({ claim, outcome: done })).toMatchObject({ _tag: 'Completed' })
})
