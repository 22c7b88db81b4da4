import { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../../src/adapters/memory/event-store.ts'
import { cliTools } from '../../../../src/composition/cli.ts'
import { createLedger } from '../../../../src/composition/ledger.ts'
import { lines } from '../../../../src/interfaces/cli/batch/lines.ts'
import { answerLine, maxLineBytes } from '../../../../src/interfaces/cli/batch/run-batch.ts'
import { commandLine } from '../../../support/cli.ts'

async function* inPieces(bytes: Uint8Array, cuts: ReadonlyArray<number>): AsyncGenerator<Uint8Array> {
  let from = 0
  for (const to of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
    yield bytes.subarray(from, to)
    from = to
  }
}

const split = async (text: string, maxBytes: number, cuts: ReadonlyArray<number> = []) => {
  const found: Array<string> = []
  for await (const line of lines(inPieces(Buffer.from(text), cuts), maxBytes)) {
    found.push(line === 'too long' ? line : Buffer.from(line).toString())
  }
  return found
}

describe('lines', () => {
  it('end at line feeds; what follows the last one is a line where it is not empty', async () => {
    expect(await split('', 9)).toEqual([])
    expect(await split('\n', 9)).toEqual([''])
    expect(await split('a\n\nb\r\n', 9)).toEqual(['a', '', 'b\r'])
    expect(await split('a\nb', 9)).toEqual(['a', 'b'])
  })
  it('that are too long are skipped to their end, and told', async () => {
    expect(await split('abc\nabcd\nab\n', 3)).toEqual(['abc', 'too long', 'ab'])
    expect(await split('abcd', 3)).toEqual(['too long'])
  })
  it('are the same in whatever pieces they come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('a', 'é', '😀', '\n', '\r'), { maxLength: 40 }).map((all) => all.join('')),
        fc.array(fc.nat(60)),
        async (text, cuts) => {
          const size = Buffer.byteLength(text)
          const pieces = cuts.map((cut) => Math.min(cut, size))
          expect(await split(text, 6, pieces)).toEqual(await split(text, 6))
        }
      )
    )
  })
})

const tenant = { org_id: 'o', workspace_id: 'w' }
const key = { tenant, operation: 'op', key: 'the-raw-key' }
const claim = { record_id: `idem_${'0'.repeat(64)}`, epoch: 1, claim_id: 'c' }
const done = { outcome_kind: 'done' }

/** What cannot be answered, and what is said of it. */
const wrong: ReadonlyArray<readonly [line: unknown, tag: string, message: string]> = [
  [{}, 'InvalidInput', '$.op must be a string'],
  [
    { op: 'RESERVE' },
    'InvalidInput',
    '$.op must be one of reserve, complete, release, renew, get, record_id, fingerprint'
  ],
  [
    { op: 'toString' },
    'InvalidInput',
    '$.op must be one of reserve, complete, release, renew, get, record_id, fingerprint'
  ],
  [[], 'InvalidInput', '$ must be a JSON object'],
  [{ op: 'reserve', ...key, owner: 'me' }, 'InvalidInput', '$.request_fingerprint must be a string'],
  [
    { op: 'reserve', ...key, owner: 'me', request_fingerprint: 'f', lease_ms: -1 },
    'InvalidInput',
    '$.lease_ms must be a whole number of milliseconds from 0 to 2^53 - 1'
  ],
  [
    { op: 'reserve', ...key, owner: 'me', request_fingerprint: 'f', now_ms: 1.5 },
    'InvalidInput',
    '$.now_ms must be a whole number of milliseconds from 0 to 2^53 - 1'
  ],
  [{ op: 'get', ...key, tenant: { org_id: 'o' } }, 'InvalidInput', '$.tenant.workspace_id must be a string'],
  [
    { op: 'complete', claim, ...key, outcome: done },
    'InvalidInput',
    'give either $.claim, or $.tenant, $.operation and $.key'
  ],
  [{ op: 'complete', claim: null, outcome: done }, 'InvalidInput', '$.claim must be a JSON object'],
  [{ op: 'complete', claim }, 'InvalidInput', '$.outcome must be a JSON object'],
  [{ op: 'complete', claim, outcome: done }, 'UnknownClaim', 'no such claim was ever issued on this key'],
  [{ op: 'renew', claim }, 'InvalidInput', '$.lease_ms must be a number'],
  [{ op: 'fingerprint', parts: ['a', 1] }, 'InvalidInput', '$.parts[1] must be a string'],
  [{ op: 'fingerprint', parts: 'a' }, 'InvalidInput', '$.parts must be a list of strings']
]

describe('a line', () => {
  const answer = answerLine(cliTools, createLedger({ store: memoryStore() }).taskEither)
  const answerTo = async (line: unknown) => JSON.parse(JSON.stringify(await answer(Buffer.from(JSON.stringify(line)))))

  for (const [line, tag, message] of wrong) {
    it(`is answered ${tag}: ${message}`, async () => {
      expect(await answerTo(line)).toEqual({ error: { tag, message } })
    })
  }
  it('never has its raw key in an error', async () => {
    const long = 'the-raw-key'.repeat(1000)
    const answers = [
      await answerTo({ op: 'reserve', ...key, key: long, owner: 'me', request_fingerprint: 'f' }),
      await answerTo({ op: 'reserve', ...key, key: `${long}\ud800`, owner: 'me', request_fingerprint: 'f' }),
      await answerTo({ op: 'reserve', ...key, owner: ' ', request_fingerprint: 'f' })
    ]
    expect(answers).toMatchObject([
      { error: { tag: 'LimitExceeded' } },
      { error: { tag: 'InvalidInput' } },
      { error: { tag: 'InvalidInput' } }
    ])
    expect(JSON.stringify(answers)).not.toContain('raw-key')
  })
  it('that is not UTF-8, or too long, is answered so', async () => {
    expect(await answer(new Uint8Array([0x22, 0xff, 0x22]))).toEqual({
      error: { tag: 'InvalidInput', message: 'the line is not UTF-8' }
    })
    expect(await answer('too long')).toEqual({
      error: { tag: 'LimitExceeded', message: `a line has more than the limit of ${maxLineBytes} bytes` }
    })
  })
})

describe('batch', () => {
  it('answers every line, in order, whatever came before', async () => {
    const reserve = { op: 'reserve', ...key, owner: 'me', request_fingerprint: 'f' }
    const stdin = `${JSON.stringify(reserve)}\r\nno JSON\n\n${JSON.stringify({ op: 'get', ...key })}`
    const { code, stdout, stderr } = await commandLine().run(['batch'], { stdin })
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(answers).toMatchObject([
      { result: 'reserved' },
      { error: { tag: 'InvalidInput' } },
      { error: { tag: 'InvalidInput' } },
      { record: { key: 'the-raw-key' } }
    ])
  })

  it('says so where stdin cannot be read', async () => {
    const stdin = new Readable({
      read() {
        this.destroy(new Error('ECONNRESET'))
      }
    })
    const { code, stdout, stderr } = await commandLine({ stdin }).run(['batch'])
    expect({ code, stdout }).toEqual({ code: 10, stdout: '' })
    expect(stderr).toMatch(/^error: InvalidInput: stdin cannot be read: ECONNRESET\n/)
  })
})
