import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../src/adapters/node/sha256.ts'
import { fromFileRecord } from '../../../src/adapters/predecessor-file/from-file-record.ts'
import { readPredecessorFile } from '../../../src/adapters/predecessor-file/read.ts'
import { writePredecessorFile } from '../../../src/adapters/predecessor-file/write.ts'
import { recordIdOf } from '../../../src/domain/identity.ts'
import type { IdempotencyRecord } from '../../../src/domain/record.ts'
import { trimWhiteSpace } from '../../../src/domain/text.ts'
import { conformanceFolder } from '../../support/conformance.ts'
import { bytesOf, readChunks } from '../../support/predecessor-file.ts'
import { fileOf } from '../../support/story.ts'

const files = readdirSync(resolve(conformanceFolder, 'files')).map((name) => `files/${name}`)

const splitAt = (bytes: Uint8Array, ...cuts: ReadonlyArray<number>): ReadonlyArray<Uint8Array> => {
  const ends = [...cuts.toSorted((a, b) => a - b), bytes.length]
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
}

const positions = (bytes: Uint8Array): ReadonlyArray<number> => Array.from({ length: bytes.length + 1 }, (_, at) => at)

/** Small files that have everything in them that a cut could hurt, and what is said where they are refused. */
const delicate: ReadonlyArray<readonly [name: string, content: string | Uint8Array, refused?: RegExp]> = [
  ['nothing', ''],
  ['white space that JSON does not know, around nothing', ' \u0085\u2003\u3000\n'],
  ['the same around braces', '\u0085\u3000{}\u3000\u0085'],
  ['white space of Unicode within the braces', '{\u3000}', /unexpected text at byte 1/],
  ['braces that are never closed', ' {', /the file ends at byte 2/],
  ['half a character at the end', new Uint8Array([0x7b, 0x7d, 0xe3, 0x80]), /unexpected text at byte 2/],
  ['a byte order mark before braces', '\ufeff{}', /not valid JSON/],
  ['an empty map of records', ' { "schema_version" : 1 , "records" : { } } '],
  ['names with escapes', '{"schema\\u005fversion":1,"r\\u0065cords":{},"\\ud83d\\ude00":[1,{"a":"}\\""}]}'],
  ['an escape at the very end', '{"records":{"a\\', /an escape that JSON does not know/],
  ['a file that is a scalar', ' 12345 ', /\$ must be an object/],
  ['a file that is a string', '"}{\\"é😀"', /\$ must be an object/],
  ['a file that is an array', '[{"a":[]},"]"]', /\$ must be an object/],
  ['something after the value', '{"schema_version":1,"records":{}} x', /unexpected text at byte 34/],
  ['a brace too many', '{"schema_version":1}}', /unexpected text at byte 20/],
  ['a bracket that closes nothing', '{"schema_version":]}', /not valid JSON/],
  ['no colon', '{"schema_version" 1}', /unexpected text at byte 18/],
  ['a comma too many', '{"schema_version":1,}', /unexpected text at byte 20/],
  ['bytes that are no UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), /not UTF-8 text/],
  [
    'a number that would change',
    '{"schema_version":1,"records":{"a":{"n":9007199254740993}}}',
    /9007199254740993 .* \(at \$\.records\.a\.n\)/
  ]
]

it('a file whose pieces come one after another in the same memory is read as it was sent', async () => {
  const bytes = Buffer.from(fileOf(200))
  function* reusing(): Generator<Uint8Array> {
    const memory = Buffer.alloc(997)
    for (let at = 0; at < bytes.length; at += memory.length) {
      const piece = bytes.subarray(at, at + memory.length)
      memory.set(piece)
      yield memory.subarray(0, piece.length)
      memory.fill(0x20)
    }
  }
  expect(await readPredecessorFile(sha256)(reusing())()).toEqual(await readChunks(bytes))
})

describe('a file in pieces is what it is as a whole', () => {
  for (const [name, content, refused] of delicate) {
    it(`at every cut: ${name}`, async () => {
      const bytes = Buffer.from(content)
      const whole = await readChunks(bytes)
      expect(whole).toMatchObject(
        refused === undefined ? { right: [] } : { left: { message: expect.stringMatching(refused) } }
      )
      for (const at of positions(bytes)) expect(await readChunks(...splitAt(bytes, at))).toEqual(whole)
      expect(await readChunks(...splitAt(bytes, ...positions(bytes)))).toEqual(whole)
    })
  }

  it('at every cut of a file with two records', async () => {
    const bytes = bytesOf('files/15-v1.json')
    const whole = await readChunks(bytes)
    expect(whole).toMatchObject({ right: [{ key: 'k' }, { key: 'z' }] })
    for (const at of positions(bytes)) expect(await readChunks(...splitAt(bytes, at))).toEqual(whole)
  })

  it('byte by byte, for every file that the predecessor was given', async () => {
    for (const file of files) {
      const bytes = bytesOf(file)
      expect(await readChunks(...splitAt(bytes, ...positions(bytes))), file).toEqual(await readChunks(bytes))
    }
  })

  it('at any cuts, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(fileBytes, fc.array(fc.nat(), { maxLength: 8 }), async (bytes, cuts) => {
        const pieces = splitAt(bytes, ...cuts.map((cut) => cut % (bytes.length + 1)))
        expect(await readChunks(...pieces)).toEqual(await readChunks(bytes))
      }),
      { numRuns: 300 }
    )
  })
})

describe('what is read', () => {
  it('is what was written, for any records', async () => {
    await fc.assert(
      fc.asyncProperty(records, async (all) => {
        expect(await readChunks(Buffer.from([...writePredecessorFile(all)].join('')))).toEqual(E.right(all))
      }),
      { numRuns: 200 }
    )
  })

  it('is told in bytes, chunk by chunk', async () => {
    const told: Array<number> = []
    const chunks = splitAt(bytesOf('files/15-v1.json'), 10, 500)
    await readPredecessorFile(sha256)(chunks, { onProgress: (bytes) => told.push(bytes) })()
    expect(told).toEqual([10, 500, bytesOf('files/15-v1.json').length])
  })

  it('is nothing where the stream fails half-way, and the failure says why', async () => {
    async function* failing() {
      yield bytesOf('files/15-v1.json').subarray(0, 900)
      throw new Error('EIO: i/o error, read')
    }
    expect(await readPredecessorFile(sha256)(failing())()).toMatchObject({
      left: { _tag: 'ImportRefused', message: 'failed to read idempotency keys: EIO: i/o error, read' }
    })
  })

  it('is not hidden where a defect shows', async () => {
    const defect = new TypeError('a defect')
    const read = readPredecessorFile((): string => {
      throw defect
    })
    await expect(read([bytesOf('files/15-v1.json')])()).rejects.toBe(defect)
  })
})

const text = fc
  .oneof(fc.string({ unit: 'binary', minLength: 1 }), fc.constantFrom('"}', '\\', '{[', 'a\u2028b', '😀', 'é'))
  .map((value) => trimWhiteSpace(value.toWellFormed()) || 'x')

const time = fc.integer({ min: 0, max: 2 ** 45 })

const outcome = fc.record({
  outcome_kind: text,
  completed_at_ms: time,
  details: fc.jsonValue({ noUnicodeString: false }).map((value) => JSON.parse(JSON.stringify(value).toWellFormed()))
})

const fileRecord = fc
  .record(
    {
      operation: text,
      key: text,
      owner: text,
      request_fingerprint: text,
      status: fc.constantFrom('reserved', 'completed', 'conflicted'),
      first_seen_at_ms: time,
      last_seen_at_ms: time,
      first_seen_event_id: text,
      expires_at_ms: time,
      outcome,
      conflict_count: fc.nat(),
      conflict_fingerprints: fc.array(text, { maxLength: 3 })
    },
    {
      requiredKeys: [
        'operation',
        'key',
        'owner',
        'request_fingerprint',
        'status',
        'first_seen_at_ms',
        'last_seen_at_ms'
      ]
    }
  )
  .map((record): IdempotencyRecord => {
    const id = recordIdOf(sha256)({ orgId: 'local', workspaceId: 'default' }, record.operation, record.key)
    const read = fromFileRecord(sha256)({ record_id: id, ...record }, { path: '$', id })
    if (E.isLeft(read)) throw new Error(read.left.message)
    return read.right
  })

const records = fc
  .uniqueArray(fileRecord, { selector: ({ recordId }) => recordId, maxLength: 4 })
  .map((all) => all.toSorted((a, b) => (a.recordId < b.recordId ? -1 : 1)))

/** Files as they are written, some of them with bytes that were changed, dropped or added. */
const fileBytes = fc
  .tuple(records, fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.nat(255)), { maxLength: 3 }))
  .map(([all, changes]) => {
    const bytes = [...Buffer.from([...writePredecessorFile(all)].join(''))]
    for (const [at, dropped, added] of changes) bytes.splice(at % bytes.length, dropped, added)
    return Uint8Array.from(bytes)
  })
