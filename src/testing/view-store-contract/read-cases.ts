import assert from 'node:assert/strict'
import { commit, made, ofTask, parkedKey, rowOf, type ViewCase } from './case.ts'

export const readCases: ReadonlyArray<ViewCase> = [
  [
    'a snapshot pages through rows by name and partition',
    async (views) => {
      const build = await made(views)
      await commit(
        views,
        build,
        ['b', 'a', 'é', 'Z'].map((row) => rowOf(row, '0'))
      )
      await commit(views, build, [rowOf('a', '1')], { partition: 1 })
      const snapshot = await ofTask(views.snapshot(build.id))
      assert(snapshot !== 'Gone')
      const seen: Array<string> = []
      for (let after: readonly [string, number] | undefined; ; ) {
        const page = snapshot.rows(after, 2)
        seen.push(...page.map(({ row, partition, state }) => `${row}${partition}${state}`))
        const last = page.at(-1)
        if (last === undefined) break
        after = [last.row, last.partition]
      }
      snapshot.close()
      assert.deepEqual(seen, ['Z00', 'a00', 'a11', 'b00', 'é00'])
    }
  ],
  [
    'a snapshot stays as it was, whatever is committed meanwhile',
    async (views) => {
      const build = await made(views)
      await commit(views, build, [rowOf('a', '1')])
      const snapshot = await ofTask(views.snapshot(build.id))
      assert(snapshot !== 'Gone')
      await commit(views, build, [rowOf('a', '2'), rowOf('b', '2')], { parked: [parkedKey('idem_a')] })
      assert.deepEqual(snapshot.rows(undefined, 10), [{ row: 'a', partition: 0, state: '1' }])
      assert.deepEqual(
        snapshot.checkpoints.map(({ events }) => events),
        [1, 0]
      )
      assert.deepEqual(snapshot.parked, [])
      snapshot.close()
    }
  ]
]
