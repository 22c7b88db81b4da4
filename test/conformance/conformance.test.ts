import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/adapters/memory/event-store.ts'
import type { EventStore } from '../../src/index.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { answersFor, comparable, type Line, normalization, scenarios, traces } from '../support/conformance.ts'
import { differing, section6 } from '../support/differing.ts'
import { freshCategory } from '../support/eventstoredb.ts'
import { emptySchema1File } from '../support/frozen-files.ts'
import { play } from '../support/play.ts'

const folder = mkdtempSync(join(tmpdir(), 'keyfold-conformance-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let files = 0
const newFile = (): string => join(folder, `${++files}.db`)
const openFile = (file: string): Promise<EventStore> => openSqliteStore({ file, synchronous: 'NORMAL' })

const migrated = 'sqlite, migrated from schema 1'

/** A new store, as what opens it, and opens it again; in memory, it outlives a restart only as the same object. */
const stores: { readonly [name: string]: () => Promise<() => Promise<EventStore>> } = {
  memory: async () => {
    const store = { ...memoryStore(), dispose: async () => undefined }
    return async () => store
  },
  sqlite: async () => {
    const file = newFile()
    return () => openFile(file)
  },
  [migrated]: async () => {
    const file = newFile()
    await emptySchema1File(file)
    return () => openFile(file)
  }
}

const isRestarted = (commands: ReadonlyArray<Line>): boolean => commands.some(({ op }) => op === 'restart')

/** That a migrated file is as any other is the contract's to hold: here it is migrated under a ledger, and opened again. */
const isPlayed = (name: string, commands: ReadonlyArray<Line>): boolean => name !== migrated || isRestarted(commands)

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

for (const [name, newStore] of Object.entries(stores)) {
  describe(`${name} answers like the predecessor, but for SPEC section 14`, () => {
    let together: EventStore
    beforeAll(async () => {
      together = await (await newStore())()
    })
    afterAll(() => together.dispose())

    /** What restarts has a store of its own; the others share one, each in a category of its own. */
    const storeFor = async (commands: ReadonlyArray<Line>): Promise<() => Promise<EventStore>> =>
      isRestarted(commands) ? newStore() : async () => ({ ...together, dispose: async () => undefined })

    for (const scenario of cases.filter(({ commands }) => isPlayed(name, commands))) {
      it(scenario.name, async () => {
        const { commands, lines } = scenario
        const answers = await play(commands, await storeFor(commands), { lines, category: freshCategory() })
        expect(comparable(answers, scenario)).toEqual(answersFor(scenario))
      })
    }
    for (const { id, commands, expected, final } of name === migrated ? [] : traces) {
      it(`trace ${id}`, async () => {
        const played = [...commands, { op: 'dump' }]
        const answers = await play(played, await storeFor(commands), { category: freshCategory() })
        expect(answers).toEqual([...expected, { records: final }])
      })
    }
  })
}
