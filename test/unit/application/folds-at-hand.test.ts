import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/adapters/memory/event-store.ts'
import type { EventStore } from '../../../src/application/ports/event-store.ts'
import { createLedger } from '../../../src/composition/ledger.ts'
import { asking, claimOf, done } from '../../support/scripted-ledger.ts'
import { scriptedStore } from '../../support/scripted-store.ts'

describe('a replay that is not recorded, of a key whose fold is at hand', () => {
  it('reads the last event of its stream and no more, where that is the one that it was folded up to', async () => {
    const store = scriptedStore(memoryStore())
    const ledger = createLedger({ store, recording: 'ignore' })
    await ledger.complete({ claim: claimOf(await ledger.reserve(asking())), outcome: done })
    store.forget()
    for (let again = 0; again < 3; again++) {
      expect(await ledger.reserve(asking())).toMatchObject({ _tag: 'Duplicate', record: { status: 'completed' } })
    }
    const last = { direction: 'backwards', from: 'end', count: 1, found: 1 }
    expect(store.reads).toMatchObject([last, last, last])
    expect(store.appends).toEqual([])
  })

  it('is answered from the stream, where that has as many events and others', async () => {
    let store: EventStore = memoryStore()
    const ledgerOn = (on: EventStore) => createLedger({ store: on, recording: 'ignore' })
    const ledger = ledgerOn({
      ...store,
      append: (...asked) => store.append(...asked),
      readStream: (...asked) => store.readStream(...asked)
    })
    await ledger.complete({ claim: claimOf(await ledger.reserve(asking())), outcome: done })
    // a file that was put in the place of another
    store = memoryStore()
    const other = ledgerOn(store)
    const claim = claimOf(await other.reserve(asking({ owner: 'another' })))
    await other.complete({ claim, outcome: { ...done, outcomeKind: 'otherwise' } })
    expect(await ledger.reserve(asking())).toMatchObject({
      _tag: 'Duplicate',
      record: { owner: 'another', outcome: { outcomeKind: 'otherwise' } }
    })
  })
})
