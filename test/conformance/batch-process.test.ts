import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { batch, type Played, playApart, playTogether } from '../support/batch-process.ts'
import {
  answersFor,
  comparable,
  conformance,
  type Line,
  normalization,
  type Scenario,
  scenarios,
  traces
} from '../support/conformance.ts'

const folder = mkdtempSync(join(tmpdir(), 'keyfold-batch-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let stores = 0
const newStore = (): string => `sqlite:${join(folder, `${++stores}.db`)}`

/** Two processes at a time: as many as the smallest machine has cores. */
const atOnce = async <A>(works: ReadonlyArray<() => Promise<A>>): Promise<ReadonlyArray<A>> => {
  const rest = works.entries()
  const done: Array<A> = []
  const worker = async (): Promise<void> => {
    for (const [index, work] of rest) done[index] = await work()
  }
  await Promise.all([worker(), worker()])
  return done
}

const uses = (op: string) => (command: Line) => command.op === op

/** Failing writes cannot be asked for from outside (SPEC section 13). */
const played = [...scenarios, ...normalization].filter(({ commands }) => !commands.some(uses('fail_writes')))
const isSimple = ({ commands }: Scenario): boolean =>
  commands.findIndex((one) => one.op === 'dump') === commands.length - 1 &&
  !commands.some(uses('restart')) &&
  !commands.some(uses('load'))
const simple = played.filter(isSimple)
const special = played.filter((one) => !isSimple(one))

/** Traces that touch other keys than those before them share a process as they are. */
const tracesPlayed: ReadonlyArray<Played> = traces.map(({ commands }) => ({
  commands: [...commands, { op: 'dump' }],
  lines: [...commands, { op: 'dump' }].map((command) => JSON.stringify(command))
}))

describe('keyfold batch answers like the predecessor, but for SPEC section 14', () => {
  const answers = new Map<Scenario, ReadonlyArray<unknown>>()
  let traceAnswers: ReadonlyArray<ReadonlyArray<unknown>> = []

  beforeAll(async () => {
    const keep = (of: ReadonlyArray<Scenario>) => (given: ReadonlyArray<ReadonlyArray<unknown>>) => {
      for (const [index, one] of of.entries()) answers.set(one, given[index] ?? [])
    }
    await atOnce([
      () => playTogether(simple, newStore()).then(keep(simple)),
      async () => {
        traceAnswers = await playTogether(tracesPlayed, newStore())
      },
      ...special.map((one) => () => playApart(one, newStore()).then((given) => keep([one])([given])))
    ])
  }, 300_000)

  it('in all cases but those in which writes fail', () => {
    expect([simple.length, special.length, traces.length]).toEqual([124, 18, 60])
    expect(scenarios.length + normalization.length - played.length).toBe(5)
  })
  for (const one of played) {
    it(one.name, () => {
      expect(comparable(answers.get(one) ?? [], one)).toEqual(answersFor(one))
    })
  }
  for (const [index, { id, expected, final }] of traces.entries()) {
    it(`trace ${id}`, () => {
      expect(traceAnswers[index]).toEqual([...expected, { records: final }])
    })
  }
})

describe('keyfold batch, as a process, gives', () => {
  type Id = Line & { readonly name: string; readonly record_id: string }
  type Fingerprint = Line & { readonly name: string; readonly fingerprint: string }
  const ids: ReadonlyArray<Id> = JSON.parse(conformance('record-ids.json')).cases
  const fingerprints: ReadonlyArray<Fingerprint> = JSON.parse(conformance('fingerprints.json')).cases

  it('every record id and every fingerprint', async () => {
    const asked = [
      ...ids.map(({ tenant, operation, key }) => ({ op: 'record_id', tenant, operation, key })),
      ...fingerprints.map(({ parts }) => ({ op: 'fingerprint', parts }))
    ]
    const lines = asked.map((command) => JSON.stringify(command))
    expect(await batch('memory:', lines)).toEqual([
      ...ids.map(({ record_id }) => ({ record_id })),
      ...fingerprints.map(({ fingerprint }) => ({ fingerprint }))
    ])
    expect([ids.length, fingerprints.length]).toEqual([59, 35])
  })
})
