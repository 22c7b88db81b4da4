import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/adapters/memory/event-store.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { answersFor, comparable, normalization, scenarios, traces } from '../support/conformance.ts'
import { differing, section6 } from '../support/differing.ts'
import { emptySchema1File } from '../support/frozen-files.ts'
import { play } from '../support/play.ts'
import { temporaryFile } from '../support/temporary-file.ts'

/** One store per scenario; in memory, it outlives a restart only as the same object. */
const stores = {
  memory: () => {
    const store = { ...memoryStore(), dispose: async () => undefined }
    return async () => store
  },
  sqlite: () => {
    const file = temporaryFile('conformance.db')
    return () => openSqliteStore({ file, synchronous: 'NORMAL' })
  },
  'sqlite, migrated from schema 1': () => {
    const file = temporaryFile('conformance.db')
    let made: Promise<void> | undefined
    return async () => {
      made ??= emptySchema1File(file)
      await made
      return openSqliteStore({ file, synchronous: 'NORMAL' })
    }
  }
} as const

const cases = [...scenarios, ...normalization]

describe('the cases', () => {
  it('are all there', () => {
    expect([scenarios.length, normalization.length, traces.length]).toEqual([78, 69, 60])
  })
  it('have a statement where they are answered otherwise, and only there', () => {
    const differ = cases.filter(({ differs }) => differs !== undefined)
    const marked = [...differing].filter(([, { because }]) => !because.startsWith(section6)).map(([name]) => name)
    expect(differ.map(({ name }) => name).toSorted()).toEqual(marked.toSorted())
    expect(differing.size - marked.length).toBe(1)
    for (const { name, differs } of differ) expect(differing.get(name)?.because).toContain(differs)
  })
})

for (const [name, storeOf] of Object.entries(stores)) {
  describe(`${name} answers like the predecessor, but for SPEC section 14`, () => {
    for (const scenario of cases) {
      it(scenario.name, async () => {
        const answers = await play(scenario.commands, storeOf(), scenario.lines)
        expect(comparable(answers, scenario)).toEqual(answersFor(scenario))
      })
    }
    for (const { id, commands, expected, final } of traces) {
      it(`trace ${id}`, async () => {
        const answers = await play([...commands, { op: 'dump' }], storeOf())
        expect(answers).toEqual([...expected, { records: final }])
      })
    }
  })
}
