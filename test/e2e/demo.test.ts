import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { read } from '../support/documents.ts'
import { keyfold, program, start } from '../support/keyfold.ts'
import { keyfoldHere } from '../support/keyfold-here.ts'
import { temporaryFile } from '../support/temporary-file.ts'

type Demo = {
  readonly answered_from_file: boolean
  readonly processed: number
  readonly redeliveries: number
  readonly redeliveries_answered_with_first_outcome: number
  readonly worker_killed: boolean
  readonly steps_not_run_again: number
  readonly late_completions_refused: number
  readonly ended_by_operator: boolean
  readonly passes: ReadonlyArray<{ readonly what: string; readonly answers: { readonly [seen: string]: number } }>
  readonly timeline: {
    readonly events: ReadonlyArray<{ readonly type: string; readonly data: { readonly owner?: string } }>
  }
  readonly further: ReadonlyArray<string>
}

/** The bodies of the package that differ, and the deliveries in all: they are what it has, and change with it. */
const bodies = 643
/** All but the one that an operator ends. */
const processed = bodies - 1
const deliveries = 726

const demo = async (file: string): Promise<Demo> => {
  const { code, stdout, stderr } = await keyfold(['demo', '--json', '--file', file])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout)
}

const answersTo = ({ passes }: Demo, what: string) => passes.find((pass) => pass.what === what)?.answers

/** Processes whose arguments name a file. */
const runningOn = (file: string): ReadonlyArray<string> =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(file)
      } catch {
        return false
      }
    })

describe('the demo', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyfold-demo-'))
  const file = join(folder, 'demo.db')
  let first: Demo
  beforeAll(async () => {
    first = await demo(file)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('processes each delivery once, and answers whatever comes later from the ledger', () => {
    expect(first).toMatchObject({ answered_from_file: false, processed, redeliveries: deliveries })
    expect(first.redeliveries_answered_with_first_outcome).toBe(deliveries)
    const sameBody = deliveries - bodies
    expect(answersTo(first, 'each delivery')).toEqual({
      processed: processed - 1,
      'taken over': 1,
      replayed: 1,
      'same body': sameBody
    })
    expect(answersTo(first, 'each delivery again')).toEqual({ replayed: bodies, 'same body': sameBody })
    expect(answersTo(first, 'another body under a used id')).toEqual({ conflict: bodies })
    expect(answersTo(first, 'the same body under a new id')).toEqual({ 'same body': bodies })
  })

  it('runs nobody’s doubt over: an operator ends it', () => {
    expect(first.ended_by_operator).toBe(true)
    expect(answersTo(first, 'one whose connection was lost')).toEqual({ 'in doubt': 2 })
  })

  it('kills a worker, goes on after its last step when the lease is over, and refuses what it completes too late', () => {
    expect(first).toMatchObject({ worker_killed: true, steps_not_run_again: 1, late_completions_refused: 1 })
    expect(answersTo(first, 'one whose worker was killed')).toEqual({ 'in flight': 1 })
    const events = first.timeline.events
      .map(({ type, data: { owner = '' } }) => `${type} ${owner}`.trim())
      // as often as its lease was renewed, and as it was asked for while it ran
      .filter((event) => event !== 'LeaseRenewed')
      .filter((event, index, all) => event !== 'DuplicateSeen' || all[index - 1] !== event)
    expect(events).toEqual([
      'Reserved worker-killed',
      'RecoveryPointReached',
      'DuplicateSeen',
      'Expired',
      'Reserved webhook-endpoint',
      'Completed',
      'CompletionRejected',
      'DuplicateSeen',
      'ConflictRecorded'
    ])
    expect(runningOn(file)).toEqual([])
  })

  it('has data on which the reference shows what another lease would have changed', async () => {
    const example = /^```sh\n(keyfold what-if .*?)^```\n\n```text\n(.*?)^```/ms.exec(read('docs/reference/audit.md'))
    const script = `keyfold() { "${process.execPath}" "${program}" "$@"; }\n${example?.[1]}`
    const { stdout } = await promisify(execFile)('sh', ['-eu', '-c', script.replace('keyfold-demo.db', file)])
    // as often as a slow machine has its lease renewed
    expect(stdout.replace(/^renew\t.*\n/gm, '')).toBe(example?.[2])
  })

  it('is answered from its file in a second run, in words too, and names commands that work', async () => {
    const { code, stdout, stderr } = await keyfold(['demo', '--file', file])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`Answered from ${file}: an earlier run processed every delivery`)
    expect(stdout).toContain(
      `${deliveries} of ${deliveries} redeliveries were answered with exactly the first outcome.`
    )
    expect(stdout).not.toContain('processed, and completed')
    expect(stdout).not.toContain('A worker was killed')
    const further = [...stdout.matchAll(/^ {2}node \S+ (.*)$/gm)].map(([, args = '']) => args.split(' '))
    expect(further.map(([command]) => command)).toEqual(['history', 'list', 'export'])
    for (const args of further) expect(await keyfoldHere(args)).toMatchObject({ code: 0, stderr: '' })
  })
})

it('a demo that was interrupted ends right in the next run', async () => {
  const file = temporaryFile('demo.db')
  const { child, ended } = start(['demo', '--file', file])
  await vi.waitFor(() => expect(statSync(`${file}-wal`).size).toBeGreaterThan(200_000), {
    timeout: 60_000,
    interval: 2
  })
  child.kill('SIGINT')
  expect(await ended).toMatchObject({ code: 130, stdout: '', stderr: expect.stringMatching(/^error: Aborted: /) })
  expect(runningOn(file)).toEqual([])
  const next = await demo(file)
  expect(next.processed).toBeGreaterThan(0)
  expect(next.redeliveries_answered_with_first_outcome).toBe(deliveries)
})

it('two demos at once on one file process each delivery once between them', async () => {
  const file = temporaryFile('demo.db')
  const both = await Promise.all([demo(file), demo(file)])
  expect(both.reduce((sum, one) => sum + one.processed, 0)).toBe(processed)
  for (const one of both) expect(one.redeliveries_answered_with_first_outcome).toBe(deliveries)
})
