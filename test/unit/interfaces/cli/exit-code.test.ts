import { Readable } from 'node:stream'
import * as TE from 'fp-ts/TaskEither'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../../src/adapters/memory/event-store.ts'
import { createLedger } from '../../../../src/composition/ledger.ts'
import type { FailureTag } from '../../../../src/domain/failure.ts'
import { answerCodes, besideAnswers, exitCodeOf } from '../../../../src/interfaces/cli/errors/exit-codes.ts'
import { begin, commandLine, sink } from '../../../support/cli.ts'

const key = ['--operation=op', '--key=k']
const reserve = (...more: ReadonlyArray<string>): ReadonlyArray<string> => [
  'reserve',
  ...key,
  '--owner=me',
  '--lease=1h',
  '--claim-id=c',
  ...more
]
type Step = ReadonlyArray<string>

const same = '--fingerprint=f'
const first = reserve(same)
const again = reserve(same, '--claim-id=d')

/** Given what was run before, when it is reserved, then the answer and its code. */
const table: ReadonlyArray<readonly [given: ReadonlyArray<Step>, when: Step, result: string, code: number]> = [
  [[], first, 'reserved', 0],
  [[first], again, 'duplicate', 21],
  [[first], first, 'reserved', 0],
  [[first], reserve('--fingerprint=other', '--claim-id=d'), 'conflict', 22],
  [[first, ['complete-by-operator', ...key, '--outcome=ok', '--by=a', '--note=n']], again, 'duplicate', 20],
  [[first], reserve(same, '--claim-id=d', '--now=+2h'), 'reserved', 25],
  [[first, reserve(same, '--claim-id=d', '--now=+2h')], reserve(same, '--claim-id=d', '--now=+2h'), 'reserved', 25]
]

describe('reserve --exit-code', () => {
  for (const [given, when, result, code] of table) {
    it(`is ${code} for ${result} after ${given.length} commands`, async () => {
      const { run } = commandLine()
      for (const step of given) expect(await run(step)).toMatchObject({ code: 0 })
      const answered = await run([...when, '--exit-code', '--json'])
      expect({ ...answered, stdout: JSON.parse(answered.stdout).result }).toEqual({ code, stdout: result, stderr: '' })
    })
  }

  it('is 23 in doubt', async () => {
    const { run } = commandLine()
    const { claim: held } = JSON.parse((await run([...first, '--json'])).stdout)
    await run(['in-doubt', `--claim=${JSON.stringify(held)}`])
    expect(await run([...again, '--exit-code'])).toMatchObject({ code: 23, stdout: expect.stringMatching(/^in doubt/) })
  })

  it('is 24 where the key is gone', async () => {
    const store = memoryStore({ now: () => begin })
    const { run } = commandLine({
      openLedger: () => {
        const ledger = createLedger({ store, clock: () => begin, policy: { reuseAfterExpiry: 'reject' } })
        return TE.right({ ledger: ledger.taskEither, dispose: async () => {} })
      }
    })
    expect(await run([...first, '--now=-2h', '--expires-at=+30m'])).toMatchObject({ code: 0 })
    expect(await run(['sweep'])).toMatchObject({ code: 0 })
    expect(await run([...again, '--exit-code'])).toMatchObject({ code: 24, stdout: expect.stringMatching(/^gone/) })
  })

  it('leaves the code at 0 where it is not asked for', async () => {
    const { run } = commandLine()
    await run(first)
    expect(await run(again)).toMatchObject({ code: 0 })
  })
})

const tags: { readonly [tag in FailureTag]: true } = {
  InvalidInput: true,
  LimitExceeded: true,
  UnknownClaim: true,
  Contended: true,
  AppendUnknown: true,
  StoreBusy: true,
  StoreFull: true,
  StoreReadOnly: true,
  StoreUnavailable: true,
  StoreTimeout: true,
  AccessDenied: true,
  NotAStore: true,
  UnsupportedVersion: true,
  CorruptStream: true,
  ImportRefused: true,
  Aborted: true,
  Overloaded: true
}

describe('the codes of failures beside those of answers', () => {
  it('are none of theirs, and each is one of its own', () => {
    const failures = Object.keys(tags).map((tag) => besideAnswers(exitCodeOf(tag as FailureTag)))
    const all = [...failures, ...Object.values(answerCodes), 1, 2, 3, 4, 130, 141, 143]
    expect(new Set(all).size).toBe(all.length)
  })

  it('are told so', async () => {
    const failing = (_tag: 'AccessDenied' | 'InvalidInput') =>
      commandLine({ openLedger: () => TE.left({ _tag, message: 'no' }) }).run
    expect(await failing('AccessDenied')([...first, '--exit-code'])).toMatchObject({ code: 40, stdout: '' })
    expect(await failing('AccessDenied')(first)).toMatchObject({ code: 20 })
    expect(await failing('InvalidInput')([...first, '--exit-code'])).toMatchObject({ code: 10 })
  })
})

describe('batch', () => {
  const waits = 'batch waits for commands on this terminal, one JSON object a line; Ctrl-D ends it\n'
  it('says at a terminal that it waits, and in a pipe nothing', async () => {
    const said = sink()
    await commandLine({ stdin: Object.assign(Readable.from([]), { isTTY: true }), stderr: said.output }).run(['batch'])
    expect(said.text()).toBe(waits)
    const silent = sink()
    await commandLine({ stdin: Readable.from([]), stderr: silent.output }).run(['batch'])
    expect(silent.text()).toBe('')
  })
})
