import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../src/adapters/node/sha256.ts'
import type { RecordedEvent } from '../../../src/application/ports/event-store.ts'
import { followingStreams } from '../../../src/application/stream/following-streams.ts'
import { failure } from '../../../src/domain/failure.ts'
import { asking, scriptedLedger, stored } from '../../support/scripted-ledger.ts'

/** Two keys with three events each, one event after another in turns. */
const inTurns = async () => {
  const world = scriptedLedger()
  for (let n = 0; n < 3; n++) for (const key of ['a', 'b']) await world.ledger.reserve(asking({ key }))
  world.store.forget()
  const [a, b] = [await stored(world.store, 'a'), await stored(world.store, 'b')]
  return { ...world, log: a.flatMap((event, at) => [event, b[at] as RecordedEvent]) }
}

describe('streams that are followed in the log', () => {
  it('are remembered: no event before is asked for', async () => {
    const { store, log } = await inTurns()
    const { follow } = followingStreams({ store, sha256 })
    for (const event of log) {
      expect((await follow(event))._tag).toBe('Follows')
    }
    expect(store.reads).toEqual([])
  })
  it('are asked for again where there are more than are remembered', async () => {
    const { store, log } = await inTurns()
    const { follow } = followingStreams({ store, sha256 }, { most: 0.5 })
    for (const event of log) {
      expect((await follow(event))._tag).toBe('Follows')
    }
    // all but the first of each
    expect(store.reads).toHaveLength(4)
    expect(store.reads.every(({ count }) => count === 1)).toBe(true)
  })
  it('are broken where the store holds another event before, or none', async () => {
    const { store, log } = await inTurns()
    const last = log.at(-2) as RecordedEvent
    const [first] = await stored(store, 'b')
    for (const before of [[], [first as RecordedEvent]]) {
      store.onRead(async () => E.right(before))
      const followed = await followingStreams({ store, sha256 }).follow(last)
      expect(followed).toMatchObject({ _tag: 'Broken', failure: { _tag: 'CorruptStream' } })
    }
  })
  it('fail where the store cannot tell', async () => {
    const { store, log } = await inTurns()
    const away = failure('StoreUnavailable', 'away')
    const { follow } = followingStreams({ store, sha256 }, { most: 0.5 })
    store.onEveryRead(async () => E.left(away))
    expect(await follow(log.at(-1) as RecordedEvent)).toEqual({ _tag: 'Failed', failure: away })
  })
})
