import assert from 'node:assert/strict'
import { checkpointAt, commit, made, ofTask, parkedKey, rowOf, type ViewCase } from './case.ts'

const skipped = {
  recordId: 'idem_a',
  revision: '3',
  position: '9',
  actor: 'me',
  reason: 'why',
  skippedAtMs: 1
} as const

export const commitCases: ReadonlyArray<ViewCase> = [
  [
    'rows and their checkpoint are written together, and come back as they were',
    async (views) => {
      const build = await made(views)
      const checkpoint = checkpointAt('17/17', 3)
      assert.equal(await commit(views, build, [rowOf('a', '{"n":"\u00e9\u2028"}', 'x')], { checkpoint }), 'Committed')
      const loaded = await ofTask(views.load({ generation: build.id, partition: 0 }, ['a', 'b']))
      assert(loaded !== 'Gone')
      assert.deepEqual(loaded.checkpoint, checkpoint)
      assert.deepEqual([...loaded.rows], [['a', '{"n":"\u00e9\u2028"}']])
      assert.equal(loaded.seq, 1)
    }
  ],
  [
    'a row is replaced, and goes where it has no state',
    async (views) => {
      const build = await made(views)
      await commit(views, build, [rowOf('a', '1'), rowOf('b', '1')])
      await commit(views, build, [rowOf('a', '2'), rowOf('b', undefined), rowOf('c', undefined)])
      assert.deepEqual(await ofTask(views.row('things', 'a')), ['2'])
      assert.deepEqual(await ofTask(views.row('things', 'b')), [])
    }
  ],
  [
    'partitions have rows and checkpoints of their own',
    async (views) => {
      const build = await made(views)
      await commit(views, build, [rowOf('a', '0')])
      await commit(views, build, [rowOf('a', '1')], { partition: 1 })
      await commit(views, build, [], { partition: 1 })
      assert.deepEqual(await ofTask(views.row('things', 'a')), ['0', '1'])
      assert.deepEqual(
        (await ofTask(views.checkpoints(build.id))).map(({ events }) => events),
        [1, 2]
      )
    }
  ],
  [
    'what rests on what somebody else changed since writes nothing: Moved',
    async (views) => {
      const build = await made(views)
      await commit(views, build, [rowOf('a', '1')])
      assert.equal(await commit(views, build, [rowOf('a', '2')], { seq: 0 }), 'Moved')
      assert.deepEqual(await ofTask(views.row('things', 'a')), ['1'])
      assert.equal((await ofTask(views.checkpoints(build.id)))[0]?.events, 1)
    }
  ],
  [
    'whoever holds a lower epoch than the partition has seen writes nothing: Fenced',
    async (views) => {
      const build = await made(views)
      const at = { generation: build.id, partition: 0 }
      assert.equal(await ofTask(views.fence(at, 2)), 'Committed')
      assert.equal(await ofTask(views.fence(at, 2)), 'Committed')
      assert.equal(await ofTask(views.fence(at, 1)), 'Fenced')
      assert.equal(await commit(views, build, [rowOf('a', '1')], { epoch: 1 }), 'Fenced')
      assert.deepEqual(await ofTask(views.row('things', 'a')), [])
      assert.equal(await commit(views, build, [rowOf('a', '1')], { epoch: 2 }), 'Committed')
      assert.equal(await ofTask(views.fence({ ...at, partition: 1 }, 1)), 'Committed')
      assert.equal(await ofTask(views.fence({ ...at, generation: build.id + 1 }, 9)), 'Gone')
    }
  ],
  [
    'keys wait, with more behind them, until they do not any more',
    async (views) => {
      const build = await made(views)
      const [a, b] = [
        parkedKey('idem_a'),
        parkedKey('position 5', { stream: undefined, revision: undefined, lastRevision: undefined })
      ]
      await commit(views, build, [], { parked: [a, b] })
      await commit(views, build, [], { parked: [{ ...a, waiting: 3 }] })
      const waiting = [...(await ofTask(views.parked(build.id)))].sort((x, y) => (x.recordId < y.recordId ? -1 : 1))
      assert.deepEqual(waiting, [{ ...a, waiting: 3 }, b])
      const other = await ofTask(views.load({ generation: build.id, partition: 1 }, []))
      assert(other !== 'Gone')
      assert.deepEqual(other.parked, [])
      await commit(views, build, [], { unparked: ['idem_a'] })
      assert.deepEqual(await ofTask(views.parked(build.id)), [b])
    }
  ],
  [
    'a key that waits again is there after it was let go in the same commit',
    async (views) => {
      const build = await made(views)
      await commit(views, build, [], { parked: [parkedKey('idem_a')] })
      await commit(views, build, [], { unparked: ['idem_a'], parked: [parkedKey('idem_a', { waiting: 1 })] })
      assert.equal((await ofTask(views.parked(build.id)))[0]?.waiting, 1)
    }
  ],
  [
    'what is left out is left out in every build of the name',
    async (views) => {
      const build = await made(views)
      await commit(views, build, [], { skipped })
      const next = await made(views, 'building')
      await ofTask(views.promote(next.id))
      const loaded = await ofTask(views.load({ generation: next.id, partition: 1 }, []))
      assert(loaded !== 'Gone')
      assert.deepEqual(loaded.skipped, [skipped])
    }
  ],
  [
    'all that is left out stays left out: events of one key, and of another',
    async (views) => {
      const build = await made(views)
      const all = [
        skipped,
        { ...skipped, revision: '4', position: 's@4' },
        { ...skipped, recordId: 'idem_b', position: '11' }
      ]
      for (const one of all) await commit(views, build, [], { skipped: one })
      const loaded = await ofTask(views.load({ generation: build.id, partition: 0 }, []))
      assert(loaded !== 'Gone')
      const byPlace = loaded.skipped.toSorted((a, b) => (a.position < b.position ? -1 : 1))
      assert.deepEqual(byPlace, [all[2], all[0], all[1]])
    }
  ]
]
