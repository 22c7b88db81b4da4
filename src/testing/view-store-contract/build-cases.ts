import assert from 'node:assert/strict'
import { commit, made, ofTask, rowOf, tagOf, type ViewCase } from './case.ts'

export const buildCases: ReadonlyArray<ViewCase> = [
  [
    'an empty store has no builds, and no rows',
    async (views) => {
      assert.deepEqual(await ofTask(views.generations()), [])
      assert.deepEqual(await ofTask(views.row('things', 'a')), [])
    }
  ],
  [
    'a build begins at the start, in each of its partitions',
    async (views) => {
      const build = await made(views, 'live', 3)
      assert.deepEqual(await ofTask(views.generations('things')), [build])
      assert.deepEqual(await ofTask(views.generations('others')), [])
      const positions = (await ofTask(views.checkpoints(build.id))).map(({ position }) => position)
      assert.deepEqual(positions, ['start', 'start', 'start'])
    }
  ],
  [
    'a name has one live build: a second one is Contended',
    async (views) => {
      await made(views)
      const spec = { name: 'things', version: 1, category: 'c', partitions: 1, standing: 'live' } as const
      assert.equal(await tagOf(views.create(spec, { columns: {}, indexes: [] })), 'Contended')
    }
  ],
  [
    'a build that is begun again is empty, and the one before it is gone',
    async (views) => {
      const first = await made(views, 'building')
      await commit(views, first, [rowOf('a', '1')])
      const second = await made(views, 'building')
      assert.notEqual(first.id, second.id)
      assert.equal(await commit(views, first, [rowOf('a', '2')]), 'Gone')
      assert.equal(await ofTask(views.load({ generation: first.id, partition: 0 }, [])), 'Gone')
    }
  ],
  [
    'readers see the live build until another takes its place in one step',
    async (views) => {
      const live = await made(views)
      await commit(views, live, [rowOf('a', '"old"')])
      const building = await made(views, 'building', 1, 2)
      await commit(views, building, [rowOf('a', '"new"')])
      assert.deepEqual(await ofTask(views.row('things', 'a')), ['"old"'])
      assert.equal(await ofTask(views.promote(building.id)), 'Committed')
      assert.deepEqual(await ofTask(views.row('things', 'a')), ['"new"'])
      assert.deepEqual(await ofTask(views.generations('things')), [{ ...building, standing: 'live' }])
      assert.equal(await commit(views, live, [rowOf('a', '"late"')]), 'Gone')
    }
  ],
  [
    'a build that was dropped is gone, and the live one is as it was',
    async (views) => {
      const live = await made(views)
      await commit(views, live, [rowOf('a', '1')])
      const building = await made(views, 'building')
      await ofTask(views.drop(building.id))
      assert.equal(await ofTask(views.promote(building.id)), 'Gone')
      assert.equal(await ofTask(views.snapshot(building.id)), 'Gone')
      assert.deepEqual(await ofTask(views.row('things', 'a')), ['1'])
    }
  ],
  [
    'what is disposed of fails, and to dispose again is nothing',
    async (views) => {
      await views.dispose()
      await views.dispose()
      assert.equal(await tagOf(views.generations()), 'StoreUnavailable')
      assert.equal(await tagOf(views.snapshot(1)), 'StoreUnavailable')
    }
  ]
]
