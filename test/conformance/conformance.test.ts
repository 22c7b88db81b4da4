import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/memory.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { conformance, type Line, play, type Scenario } from '../support/play.ts'
import { temporaryFile } from '../support/temporary-file.ts'

type Trace = {
  readonly id: string
  readonly commands: ReadonlyArray<Line>
  readonly expected: ReadonlyArray<unknown>
  readonly final: unknown
}

const scenarios: ReadonlyArray<Scenario> = [
  ...JSON.parse(conformance('scenarios.json')).cases,
  ...JSON.parse(conformance('normalization.json')).cases
]
const traces: ReadonlyArray<Trace> = conformance('traces.jsonl')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))

/** One store per scenario; in memory, it outlives a restart only as the same object. */
const stores = {
  memory: () => {
    const store = { ...memoryStore(), dispose: async () => undefined }
    return async () => store
  },
  sqlite: () => {
    const file = temporaryFile('conformance.db')
    return () => openSqliteStore({ file, synchronous: 'NORMAL' })
  }
} as const

/** The predecessor's words for a file that it could not load; only that it is refused counts. */
const comparable = (answer: unknown): unknown => {
  const error = typeof answer === 'object' && answer !== null && 'error' in answer ? String(answer.error) : ''
  return error.startsWith('failed to parse idempotency keys') ? { error: 'refused' } : answer
}

for (const [name, storeOf] of Object.entries(stores)) {
  describe(`${name} answers like the predecessor`, () => {
    for (const { name: scenario, commands, expected } of scenarios.filter(({ differs }) => differs === undefined)) {
      it(scenario, async () => {
        const answers = await play(commands, storeOf())
        expect(answers.map(comparable)).toEqual(expected.map(comparable))
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
