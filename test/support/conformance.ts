import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { differing } from './differing.ts'

/** A command as `batch` takes it, or what a runner does beside it: restart, load, dump, fail_writes. */
export type Line = {
  readonly op: string
  readonly path?: string
  readonly on?: boolean
  readonly [name: string]: unknown
}

export type Scenario = {
  readonly name: string
  readonly commands: ReadonlyArray<Line>
  readonly expected: ReadonlyArray<unknown>
  readonly needs?: ReadonlyArray<string>
  readonly differs?: string
  /** The commands as they were written: a number that no double holds is still there. */
  readonly lines: ReadonlyArray<string>
}

export type Trace = {
  readonly id: string
  readonly commands: ReadonlyArray<Line>
  readonly expected: ReadonlyArray<unknown>
  readonly final: { readonly [recordId: string]: unknown }
}

export const conformanceFolder = resolve(import.meta.dirname, '../conformance')

export const conformance = (file: string): string => readFileSync(resolve(conformanceFolder, file), 'utf8')

const mark = 'exactly '

/** Numbers that would change become strings that say so, and back. Strings are stepped over whole. */
const marked = (text: string): string =>
  text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
    token.startsWith('"') || String(Number(token)) === token ? token : JSON.stringify(`${mark}${token}`)
  )
const unmarked = (text: string): string => text.replace(new RegExp(`"${mark}([^"]*)"`, 'g'), '$1')

const scenariosOf = (file: string): ReadonlyArray<Scenario> => {
  const text = conformance(file)
  const asWritten: { cases: ReadonlyArray<Scenario> } = JSON.parse(marked(text))
  const { cases }: { cases: ReadonlyArray<Scenario> } = JSON.parse(text)
  return cases.map((one, index) => ({
    ...one,
    lines: (asWritten.cases[index]?.commands ?? []).map((command) => unmarked(JSON.stringify(command)))
  }))
}

export const scenarios = scenariosOf('scenarios.json')

export const normalization = scenariosOf('normalization.json')

export const traces: ReadonlyArray<Trace> = conformance('traces.jsonl')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))

/** The predecessor's words for a file that it could not load: only that it is refused counts. */
const refused = (answer: unknown): unknown => {
  const error = typeof answer === 'object' && answer !== null && 'error' in answer ? String(answer.error) : ''
  return error.startsWith('failed to parse idempotency keys') ? { error: 'refused' } : answer
}

/** Answers as they are compared with those of the predecessor; where keyfold answers otherwise every word counts. */
export const comparable = (answers: ReadonlyArray<unknown>, { name }: Scenario): ReadonlyArray<unknown> =>
  differing.has(name) ? answers : answers.map(refused)

/** What a case must be answered. */
export const answersFor = ({ name, expected }: Scenario): ReadonlyArray<unknown> =>
  differing.get(name)?.answers ?? expected.map(refused)
