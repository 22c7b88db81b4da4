import { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../../src/adapters/memory/event-store.ts'
import { cliTools } from '../../../../src/composition/cli-tools.ts'
import { createLedger } from '../../../../src/composition/ledger.ts'
import { maxLineBytes } from '../../../../src/interfaces/cli/batch/asking.ts'
import { lines } from '../../../../src/interfaces/cli/batch/lines.ts'
import { answerLine } from '../../../support/answer-line.ts'
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
  [{}, 'InvalidInput', '$.op must be a string, got undefined'],
  [
    { op: 'RESERVE' },
    'InvalidInput',
    "$.op must be one of reserve, complete, release, renew, recovery_point, mark_in_doubt, get, list, history, record_id, fingerprint, got 'RESERVE'"
  ],
  [
    { op: 'toString' },
    'InvalidInput',
    "$.op must be one of reserve, complete, release, renew, recovery_point, mark_in_doubt, get, list, history, record_id, fingerprint, got 'toString'"
  ],
  [[], 'InvalidInput', '$ must be a JSON object, got a list of 0'],
  [{ op: 'reserve', ...key, owner: 'me' }, 'InvalidInput', '$.request_fingerprint must be a string, got undefined'],
  [
    { op: 'reserve', ...key, owner: 'me', request_fingerprint: 'f', lease_ms: -1 },
    'InvalidInput',
    '$.lease_ms must be a whole number of milliseconds from 1 to 2^53 - 1, or left out for a key that stays held until it is completed or released, got -1'
  ],
  [
    { op: 'reserve', ...key, owner: 'me', request_fingerprint: 'f', lease_ms: 'none' },
    'InvalidInput',
    '$.lease_ms must be a whole number of milliseconds from 1 to 2^53 - 1, or left out for a key that stays held until it is completed or released, got a string of 4 characters'
  ],
  [
    { op: 'reserve', ...key, owner: 'me', request_fingerprint: 'f', now_ms: 1.5 },
    'InvalidInput',
    '$.now_ms must be a whole number of milliseconds from 0 to 2^53 - 1, got 1.5'
  ],
  [
    { op: 'get', ...key, tenant: { org_id: 'o' } },
    'InvalidInput',
    '$.tenant.workspace_id must be a string, got undefined'
  ],
  [
    { op: 'complete', claim, ...key, outcome: done },
    'InvalidInput',
    'give either $.claim, or $.tenant, $.operation and $.key'
  ],
  [
    { op: 'complete', claim: null, outcome: done },
    'InvalidInput',
    'give either $.claim, or $.tenant, $.operation and $.key'
  ],
  [{ op: 'release', claim: null }, 'InvalidInput', '$.claim must be a JSON object, got null'],
  [{ op: 'complete', claim }, 'InvalidInput', '$.outcome must be a JSON object, got undefined'],
  [{ op: 'complete', claim, outcome: done }, 'UnknownClaim', 'no such claim was ever issued on this key'],
  [{ op: 'renew', claim }, 'InvalidInput', '$.lease_ms must be a number, got undefined'],
  [{ op: 'recovery_point', claim }, 'InvalidInput', '$.name must be a string, got undefined'],
  [{ op: 'recovery_point', claim, name: '' }, 'InvalidInput', '$.name cannot be empty'],
  [
    { op: 'recovery_point', claim, name: 'n', data: 'x'.repeat(65_536) },
    'LimitExceeded',
    'the recovery points of a record would have 65560 bytes as JSON, over the limit of 65536 bytes'
  ],
  [{ op: 'recovery_point', claim, name: 'n' }, 'UnknownClaim', 'no such claim was ever issued on this key'],
  [{ op: 'mark_in_doubt', claim, note: 7 }, 'InvalidInput', '$.note must be a string, got 7'],
  [{ op: 'mark_in_doubt', claim }, 'UnknownClaim', 'no such claim was ever issued on this key'],
  [
    { op: 'reserve', ...key, owner: 'me', request_fingerprint: 'f', expires_at_ms: 1, retention_ms: 1 },
    'InvalidInput',
    'give either $.expires_at_ms or $.retention_ms, not both'
  ],
  [{ op: 'list', status: 'lost' }, 'InvalidInput', "$.status must be reserved, completed or conflicted, got 'lost'"],
  [{ op: 'list', limit: 0 }, 'InvalidInput', '$.limit must be a whole number from 1 to 10000, got 0'],
  [{ op: 'list', limit: 10_001 }, 'InvalidInput', '$.limit must be a whole number from 1 to 10000, got 10001'],
  [
    { op: 'list', seen_from_ms: -1 },
    'InvalidInput',
    '$.seen_from_ms must be a whole number of milliseconds from 0 to 2^53 - 1, got -1'
  ],
  [
    { op: 'list', stuck_at_ms: 0.5 },
    'InvalidInput',
    '$.stuck_at_ms must be a whole number of milliseconds from 0 to 2^53 - 1, got 0.5'
  ],
  [
    { op: 'history', ...key, after_revision: '1' },
    'InvalidInput',
    '$.after_revision must be a number, got a string of 1 character'
  ],
  [{ op: 'history', ...key, key: ' ' }, 'InvalidInput', 'idempotency key cannot be empty'],
  [{ op: 'fingerprint', parts: ['a', 1] }, 'InvalidInput', '$.parts[1] must be a string, got 1'],
  [{ op: 'fingerprint', parts: 'a' }, 'InvalidInput', '$.parts must be a list of strings, got a string of 1 character']
]

describe('points and doubt', () => {
  const answer = answerLine(cliTools, createLedger({ store: memoryStore() }).taskEither)
  const answerTo = async (line: object) => JSON.parse(JSON.stringify(await answer(Buffer.from(JSON.stringify(line)))))
  const reserve = (now_ms: number, claim_id: string) =>
    answerTo({ op: 'reserve', ...key, owner: 'me', request_fingerprint: 'f', lease_ms: 10, claim_id, now_ms })

  it('stand beside the record, which keeps the shape of the file', async () => {
    const first = await reserve(1000, 'a')
    expect(first).not.toHaveProperty('recovery_points')
    const recovery_points = [{ name: 'charged', data: { id: 1 } }, { name: 'told' }, { name: 'empty', data: null }]
    const point = { op: 'recovery_point', claim: first.claim, now_ms: 1001 }
    await answerTo({ ...point, ...recovery_points[0] })
    await answerTo({ ...point, ...recovery_points[1] })
    // JSON too, and another than none
    expect(await answerTo({ ...point, ...recovery_points[2] })).toEqual({
      result: 'reached',
      record: first.record,
      epoch: 1,
      lease_expires_at_ms: 1010,
      recovery_points
    })
    const second = await reserve(2000, 'b')
    expect(second).toMatchObject({ result: 'reserved', takeover: true, recovery_points })
    expect(await answerTo({ ...point, name: 'late' })).toMatchObject({ result: 'claim_lost' })
    const in_doubt = { since_ms: 2001, note: 'timed out' }
    const mark = { op: 'mark_in_doubt', claim: second.claim, note: 'timed out', now_ms: 2001 }
    const held = { record: second.record, epoch: 2, lease_expires_at_ms: 2010 }
    expect(await answerTo(mark)).toEqual({ result: 'marked', ...held, recovery_points, in_doubt })
    expect(await reserve(9000, 'c')).toMatchObject({ result: 'in_doubt', recovery_points, in_doubt })
    expect(await answerTo({ op: 'get', ...key })).toMatchObject({ recovery_points, in_doubt })
    await answerTo({ op: 'complete', claim: second.claim, outcome: done })
    expect(await answerTo(mark)).toMatchObject({ result: 'already_completed', record: { status: 'completed' } })
    expect(await answerTo({ op: 'get', ...key })).not.toHaveProperty('in_doubt')
  })
})

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

describe('a line that is not what it looks like', () => {
  const answersTo = async (stdin: Uint8Array) => {
    const { code, stdout } = await commandLine().run(['batch'], { stdin })
    expect(code).toBe(0)
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).error?.message ?? 'answered')
  }
  const get = JSON.stringify({ op: 'get', ...key })

  it('is told by name: a byte order mark, UTF-16, nothing at all', async () => {
    const lines = [`\ufeff${get}`, get, '', ' \t', '\r', `${get}\r`, get]
    expect(await answersTo(Buffer.from(lines.join('\n')))).toEqual([
      'the line begins with a byte order mark (U+FEFF): write UTF-8 without one',
      'answered',
      'the line is empty',
      'the line is empty',
      'the line is empty',
      'answered',
      'answered'
    ])
    for (const bytes of [
      Buffer.from(`\ufeff${get}\n${get}`, 'utf16le'),
      Buffer.from(`${get}\n${get}`, 'utf16le'),
      Buffer.from(`\ufeff${get}\r\n${get}`, 'utf16le').swap16()
    ]) {
      expect(await answersTo(bytes)).toEqual(Array(2).fill('the line is UTF-16: write UTF-8'))
    }
  })
  it('is told by the path of a member that is named twice, wherever it is', async () => {
    const twice = [
      get.replace('"key":', '"key":"other","key":'),
      get.replace('"org_id":', '"org_id":"other","org_id":'),
      JSON.stringify({ op: 'complete', ...key, outcome: { ...done, details: { a: 1 } } }).replace(
        '"a":1',
        '"a":1,"a":1'
      )
    ]
    expect(await answersTo(Buffer.from(twice.join('\n')))).toEqual([
      'two members have the same name (at $.key)',
      'two members have the same name (at $.tenant.org_id)',
      'two members have the same name (at $.outcome.details.a)'
    ])
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
