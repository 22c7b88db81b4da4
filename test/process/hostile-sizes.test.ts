import { afterAll, describe, expect, it } from 'vitest'
import { recordId } from '../../src/composition/hashing.ts'
import { program as programOf } from '../support/child.ts'
import { program as keyfold } from '../support/keyfold.ts'
import { type Measured, measured } from '../support/measured.ts'
import { temporaryFile } from '../support/temporary-file.ts'

/** How large each input is; `npm run test:long` has the largest that are taken. */
const mb = Number(process.env['KEYFOLD_SIZES_MB'] ?? 8)
const isLong = mb > 8
/** Of what is counted by its values: the short form has to have as many as are refused. */
const size = mb * 2 ** 20
/** Of what is taken whole, or refused for what it begins with: a quarter is as telling in the short form. */
const length = isLong ? size : size / 4
/** What the process takes with nothing to do, a heap of 256 MB at its most, and the input's bytes beside it. */
const maxMb = 400 + 2 * mb

const rows: Array<{ input: string; 'MB in': number; 'peak MB': number; ended: string }> = []
const note = (input: string, { mbIn, peakMb, ended }: Measured): void => {
  rows.push({ input, 'MB in': mbIn, 'peak MB': peakMb, ended })
}
afterAll(() => console.table(rows))

/** Only what hangs is ended: a busy machine gives a process a tenth of a core. */
const timeout = 600_000

const piece = 64 * 1024

/** As often as it takes to be so long, in pieces. */
function* often(text: string, length = size): Generator<string> {
  const some = text.repeat(Math.ceil(piece / text.length))
  for (let sent = 0; sent < length; sent += some.length) yield some
}

function* numbered(form: (index: number) => string, length = size): Generator<string> {
  let index = 0
  for (let sent = 0; sent < length; ) {
    let some = ''
    while (some.length < piece) some += `${form(index++)},`
    sent += some.length
    yield some
  }
}

function* around(before: string, inner: Iterable<string | Uint8Array>, after: string): Generator<string | Uint8Array> {
  yield before
  yield* inner
  yield after
}

const parts = (inner: Iterable<string>, before = '') => around(`{"op":"fingerprint","parts":["${before}`, inner, '"]}')

/** Lines that are as bad as they are long, and what is answered. */
const lines: ReadonlyArray<readonly [name: string, line: Iterable<string | Uint8Array>, answer: RegExp]> = [
  ['arrays in an array', around('[', often('[],'), '0]'), /more than 500000 values/],
  ['objects in an array', around('[', often('{},'), '0]'), /more than 500000 values/],
  ['whole numbers that were not written as integers', around('[', often('{"":-0},'), '0]'), /more than 500000 values/],
  ['members of one name', around('{', often('"":-0,'), '"":0}'), /two members have the same name/],
  [
    'members of many names',
    around(
      '{',
      numbered((i) => `"a${i}":{}`),
      '"":0}'
    ),
    /more than 500000 values/
  ],
  [
    'objects of one member each',
    around(
      '[',
      numbered((i) => `{"a${i}":0}`),
      '0]'
    ),
    /more than 500000 values/
  ],
  ['names that look like indexes', around('[', often('{"1023":0},'), '0]'), /more than 500000 values/],
  [
    'many of them',
    around(
      '[',
      numbered((i) => `{"${i}":0}`),
      '0]'
    ),
    /more than 500000 values/
  ],
  ['arrays of one item', around('[', often('[0],'), '0]'), /more than 500000 values/],
  ['many empty texts', parts(often('","')), /more than 500000 values/],
  ['opening brackets', often('[', length), /more than 127 levels deep/],
  ['a long integer', often('1', length), /would change/],
  ['a long fraction', around('0.', often('1', length), ''), /must be a JSON object/],
  ['a long exponent', around('1e', often('0', length), '1'), /must be a JSON object/],
  ['white space', around('', often(' ', length), '1'), /must be a JSON object/],
  ['a long text', parts(often('a', length)), /"sha256:/],
  ['a long text of wide characters', parts(often('a', length), 'ā'), /"sha256:/],
  ['line feeds as escapes', parts(often('\\n', length)), /"sha256:/],
  ['letters as escapes', parts(often('\\u0041', length)), /"sha256:/],
  ['a long name', around('{"op":"get","', often('a', length), '":1e999}'), /number out of range/],
  ['a long name of an operation', around('{"op":"', often('a', length), '"}'), /\$\.op must be one of/],
  ['bytes that are no UTF-8', around('', [Buffer.alloc(length, 0xff)], ''), /not UTF-8/],
  ['more than a line may have', around('[', often('0,', 65 * 2 ** 20), '0]'), /more than the limit of 67108864 bytes/]
]

/** Line by line where the figures are wanted; else in one process, which has at its most what the worst of them takes. */
const batches = isLong
  ? lines.map((one) => ({ name: one[0], of: [one] }))
  : [{ name: `${lines.length} lines, one after another`, of: lines }]

function* followed(of: typeof lines): Generator<string | Uint8Array> {
  for (const [, line] of of) yield* around('', line, '\n{"op":"nothing"}\n')
}

describe('a line of batch takes memory in proportion to its size, and is answered:', () => {
  for (const { name, of } of batches) {
    it(name, { timeout }, async () => {
      const ran = await measured([keyfold, '--store', 'memory:', 'batch'], followed(of))
      note(`batch: ${name}`, ran)
      expect(ran).toMatchObject({ ended: '0', stderr: '' })
      const answers = ran.stdout.split('\n')
      expect(answers).toHaveLength(2 * of.length + 1)
      for (const [index, [what, , answer]] of of.entries()) {
        const [first = '', second = ''] = answers.slice(2 * index)
        expect(first, what).toMatch(answer)
        expect(first.length, what).toBeLessThan(2500)
        expect(second, what).toContain('$.op must be one of')
      }
      expect(ran.peakMb).toBeLessThan(maxMb)
    })
  }
  it('keys that were cut from long lines keep nothing of them', { timeout }, async () => {
    // more in all than the heap may have
    const [count, heapMb, blanks] = isLong ? [80, 256, length] : [32, 28, length / 2]
    function* reserves() {
      for (let index = 0; index < count; index++) {
        yield '{"op":"reserve","tenant":{"org_id":"the organisation","workspace_id":"the workspace"},"key":"'
        yield* often(' ', blanks)
        yield `one key of many, number ${index}","operation":"the operation","owner":"the owner of this","request_fingerprint":"the fingerprint"}\n`
      }
    }
    const ran = await measured([keyfold, '--store', 'memory:', 'batch'], reserves(), heapMb)
    note(`batch: ${count} keys, each in a line of its own`, ran)
    expect(ran).toMatchObject({ ended: '0', stderr: '' })
    expect(ran.stdout.match(/"result":"reserved"/g)).toHaveLength(count)
    expect(ran.peakMb).toBeLessThan(maxMb)
  })
})

const record = (key: string, details: Iterable<string | Uint8Array>): Iterable<string | Uint8Array> => {
  const id = recordId({ orgId: 'local', workspaceId: 'default' }, 'op', key)
  return around(
    `"${id}":{"record_id":"${id}","operation":"op","key":"${key}","owner":"o","request_fingerprint":"fp",` +
      '"status":"completed","first_seen_at_ms":1,"last_seen_at_ms":2,' +
      '"outcome":{"outcome_kind":"done","completed_at_ms":2,"details":',
    details,
    '}}'
  )
}

function* records(count: number): Generator<string | Uint8Array> {
  for (let index = 0; index < count; index++) {
    yield `${index === 0 ? '' : ','}${[...record(`key-${index}`, ['null'])].join('')}`
  }
}

const versioned = (inner: Iterable<string | Uint8Array>) => around('{"schema_version":1,"records":{', inner, '}}')
/** A small file in a small heap shows what is kept of each member as a large one does in a large heap. */
const [importSize, ofMembers, ofValues] = isLong ? [18e6, 256, 256] : [1.5e6, 24, 128]
const importable = isLong ? 100_000 : 600

type File = readonly [name: string, file: Iterable<string | Uint8Array>, code: number, said: RegExp, heapMb?: number]

const files: ReadonlyArray<File> = [
  [
    'small faulty members',
    versioned(
      around(
        '',
        numbered((i) => `"a${i}":0`, importSize),
        '"":0'
      )
    ),
    24,
    /\$\.records\.a0 must be an object/,
    ofMembers
  ],
  [
    'small faulty members of a bare map',
    around(
      '{',
      numbered((i) => `"a${i}":{"":-0}`, importSize),
      '"":0}'
    ),
    24,
    /\$\.a0\.operation must be a string/,
    ofMembers
  ],
  [
    'faulty members of one name',
    versioned(around('', often('"a":0,', importSize / 4), '"a":0')),
    24,
    /\$\.records\.a /,
    ofMembers
  ],
  [
    'long names',
    versioned(
      around(
        '',
        numbered((i) => `"${'n'.repeat(1000)}${i}":0`, importSize),
        '"":0'
      )
    ),
    24,
    /n…"\]/,
    ofMembers
  ],
  ['a name of a megabyte', versioned(['"', 'idem_a.'.repeat(150_000), '":{}']), 24, /operation must be a string/],
  ['a name of a megabyte of addresses', versioned(['"', '://a:b.'.repeat(150_000), '":{}']), 24, /must be a string/],
  ['white space that is not JSON’s', often('\u3000', size / 3), 0, /imported 0/],
  ['white space that is not JSON’s, and a letter', around('', often('\u3000', size / 3), 'x'), 24, /not valid JSON/],
  [
    'arrays in an outcome',
    versioned(record('k', around('[', often('[],', isLong ? importSize : 2e6), '0]'))),
    24,
    /500000 values/
  ],
  ['a long text in an outcome', versioned(record('k', around('"', often('\\n', length), '"'))), 0, /imported 1/],
  [`${importable} records`, versioned(records(importable)), 0, new RegExp(`imported ${importable}`)]
]

describe('an import takes memory in proportion to what it holds, and ends:', () => {
  for (const [name, file, code, said, heapMb = ofValues] of files) {
    it(name, { timeout }, async () => {
      const store = `sqlite:${temporaryFile('sizes.db')}`
      const ran = await measured([keyfold, '--store', store, 'import', '-'], file, heapMb)
      note(`import: ${name}`, ran)
      expect(ran.ended, ran.stderr).toBe(String(code))
      expect(ran.stdout + ran.stderr).toMatch(said)
      expect(ran.stderr.length).toBeLessThan(2500)
      expect(ran.peakMb).toBeLessThan(maxMb)
    })
  }
  it('and its records are exported, though their lines are a hundred times as long', { timeout }, async () => {
    const store = `sqlite:${temporaryFile('sizes.db')}`
    const deep = around('['.repeat(115), often('0,', 100_000), `0${']'.repeat(115)}`)
    const imported = await measured([keyfold, '--store', store, 'import', '-'], versioned(record('k', deep)))
    expect(imported).toMatchObject({ ended: '0', stderr: '' })
    const ran = await measured([keyfold, '--store', store, 'export'], [], 64)
    note('export: a deep outcome', ran)
    expect(ran).toMatchObject({ ended: '0', stderr: '' })
    expect(ran.stdout.length).toBeGreaterThan(10e6)
  })
})

const child = programOf('test/process/hostile-sizes-child.ts')

const run = (task: string, argument: object, heapMb?: number): Promise<Measured> =>
  measured([child.file, JSON.stringify({ task, ...argument })], [], heapMb)

describe('in a small heap', () => {
  // more text in all than the heap may have
  const [count, heapMb] = isLong ? [1_000_000, 256] : [60_000, 20]
  for (const form of ['terminal', 'plain', 'json']) {
    it(`list writes ${count} records, ${form}`, { timeout }, async () => {
      const ran = await run('list', { form, count }, heapMb)
      note(`list: ${count} records, ${form}`, ran)
      expect(ran, ran.stderr).toMatchObject({ ended: '0' })
      const { code, records } = JSON.parse(ran.stdout)
      expect({ code, records }).toEqual({ code: 0, records: count })
      expect(ran.peakMb).toBeLessThan(maxMb)
    })
  }
  it('texts cut from others keep nothing of them', { timeout }, async () => {
    const ran = await run('keep', { count: 25, length: 1.2e6 }, 20)
    note('texts cut from 25 texts of 1.2 MB', ran)
    expect(ran, ran.stderr).toMatchObject({ ended: '0', stdout: '{"kept":125}\n' })
  })
  it('whatever goes through a text from outside comes to its end', { timeout }, async () => {
    // more than is searched for a password at once
    const length = isLong ? 4e6 : 70_000
    const ran = await run('texts', { length })
    note(`texts of ${length / 1e6} MB through every search`, ran)
    expect(ran, ran.stderr).toMatchObject({ ended: '0' })
    expect(JSON.parse(ran.stdout).done).toBeGreaterThan(150)
  })
})
