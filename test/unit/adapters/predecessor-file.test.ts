import { createReadStream, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../src/adapters/node/sha256.ts'
import { readPredecessorFile } from '../../../src/adapters/predecessor-file/read.ts'
import { toFileRecord } from '../../../src/adapters/predecessor-file/to-file-record.ts'
import { writePredecessorFile } from '../../../src/adapters/predecessor-file/write.ts'
import { conformance, conformanceFolder, scenarios } from '../../support/conformance.ts'
import { bytesOf, readChunks } from '../../support/predecessor-file.ts'

type Case = {
  readonly file: string
  readonly note: string
  readonly tags: ReadonlyArray<string>
  readonly result: { readonly count?: number; readonly error?: string }
  readonly records?: { readonly [id: string]: unknown }
  readonly rewritten_text?: string
  readonly differs?: string
}

const { cases }: { cases: ReadonlyArray<Case> } = JSON.parse(conformance('files.json'))

/** How keyfold answers the files that it takes otherwise than the predecessor: what it says, and at which path. */
const differing: { readonly [file: string]: 'taken: an empty deployment is none' | RegExp } = {
  'files/01-missing.json': /^failed to read idempotency keys: ENOENT/,
  'files/59-duplicate-record.json': /^\$\.records\.a stands under another id than .* give: idem_dfeb6b6b/,
  'files/62-minimal-record.json': /^\$\.records\.idem_\w+ stands under another id than/,
  'files/93-tenant-minimal.json': /^\$\.records\.idem_\w+ stands under another id than/,
  'files/95-tenant-empty-deployment.json': 'taken: an empty deployment is none',
  'files/96-record-schema-99.json': /^\$\.records\.\w+\.schema_version is 99, newer than supported version 1$/,
  'files/a0-untrimmed-stored.json':
    /^\$\.records\.\w+\.key must have no white space at its ends, got a string of \d+ characters$/,
  'files/a2-other-tenant-inside.json': /^\$\.records\.idem_\w+ stands under another id than/
}

/** Files that may be answered either way, and are refused: an integer that would change, or a quirk of serde's. */
const refusedByTag = (tags: ReadonlyArray<string>): boolean =>
  tags.some((tag) => tag === 'int64' || tag === 'serde-quirk')

/** In the ledger −0 is 0 (SPEC section 12). */
const asNumbers = (text: string): unknown => JSON.parse(text, (_, value) => (value === 0 ? 0 : value))

describe('every file that the predecessor was given', () => {
  it('is there, or is missing on purpose', () => {
    const there = new Set(readdirSync(resolve(conformanceFolder, 'files')).map((name) => `files/${name}`))
    expect(cases).toHaveLength(96)
    expect(cases.map(({ file }) => file).filter((file) => !there.has(file))).toEqual(['files/01-missing.json'])
    const loaded = new Set(scenarios.flatMap(({ commands }) => commands.map(({ path }) => path)))
    const known = new Set(cases.map(({ file }) => file))
    expect([...there].filter((file) => !known.has(file) && !loaded.has(file))).toEqual([])
  })

  it('has a statement where it is answered otherwise, and only there', () => {
    const named = cases.filter(({ differs }) => differs !== undefined).map(({ file }) => file)
    expect(named.toSorted()).toEqual(Object.keys(differing).toSorted())
  })

  for (const one of cases) {
    it(`${one.file}: ${one.note}`, async () => {
      const result = await readPredecessorFile(sha256)(createReadStream(resolve(conformanceFolder, one.file)))()
      const otherwise = differing[one.file]
      if (otherwise instanceof RegExp) {
        expect(result).toMatchObject({ left: { _tag: 'ImportRefused', message: expect.stringMatching(otherwise) } })
        return
      }
      if (refusedByTag(one.tags)) {
        expect(result).toMatchObject({ left: { _tag: 'ImportRefused', path: expect.stringMatching(/^\$\.records\./) } })
        return
      }
      if (one.result.error !== undefined) {
        expect(result).toMatchObject({ left: { _tag: expect.stringMatching(/^(ImportRefused|UnsupportedVersion)$/) } })
        return
      }
      if (E.isLeft(result)) return expect.fail(result.left.message)
      const records = Object.fromEntries(result.right.map((record) => [record.recordId, toFileRecord(record)]))
      const expected = JSON.parse(JSON.stringify(one.records).replaceAll('"deployment_id":"",', ''))
      expect(records).toEqual(expected)
      expect(result.right).toHaveLength(one.result.count ?? -1)
      const written = [...writePredecessorFile(result.right)].join('')
      if (one.rewritten_text !== undefined) expect(asNumbers(written)).toEqual(asNumbers(one.rewritten_text))
      if (one.tags.includes('keys')) expect(written).toBe(one.rewritten_text)
      // it writes them by record id, whatever order they came in
      const sorted = result.right.toSorted((a, b) => (a.recordId < b.recordId ? -1 : 1))
      expect(await readChunks(Buffer.from(written))).toEqual(E.right(sorted))
    })
  }
})

describe('a file in which a name comes twice', () => {
  const text = Buffer.from(bytesOf('files/15-v1.json')).toString()
  const [, first = '', second = ''] =
    /"records": \{\s*("idem_b91.*?\}),\s*("idem_bd1.*\})\s*\}\s*\}\s*$/s.exec(text) ?? []
  const file = (...members: ReadonlyArray<string>) =>
    readChunks(Buffer.from(`{"schema_version":1,"records":{${members}}}`))
  const read = async (...members: ReadonlyArray<string>) => {
    const result = await file(...members)
    return E.isRight(result) ? result.right.map(({ key, owner }) => `${key} of ${owner}`) : result.left.message
  }

  it('counts the last record of a name', async () => {
    expect(await read(first, second, first.replace('owner-1', 'owner-2'))).toEqual(['z of owner-1', 'k of owner-2'])
  })
  it('forgets what was wrong with an earlier one', async () => {
    expect(await read(first.replace('"reserved"', '"lost"'), second, first)).toEqual(['z of owner-1', 'k of owner-1'])
  })
  it('refuses what is wrong with the last one', async () => {
    expect(await read(first, second, first.replace('"reserved"', '"lost"'))).toMatch(/status must be one of reserved/)
  })
  it('forgets ten thousand bad records, and no more: the first that was bad is named', async () => {
    const bad = (count: number) => Array.from({ length: count }, (_, index) => `"a${index}":0`)
    const good = (count: number) => bad(count).map((one) => first.replace(/^"\w+"/, one.slice(0, -2)))
    expect(await read(...bad(9999), first)).toBe('$.records.a0 must be an object')
    expect(await read(...bad(9999), ...good(9998))).toBe('$.records.a9998 must be an object')
    expect(await read(...bad(10_000), ...good(10_000))).toBe('$.records.a0 must be an object')
    expect(await read(...bad(10_000), ...bad(5))).toBe('$.records.a0 must be an object')
    const versionLast = `{${bad(20_000)},"schema_version":1,"records":{${first}}}`
    expect(await readChunks(Buffer.from(versionLast))).toMatchObject({ right: [{ key: 'k' }] })
  })
  it('knows a long name again', async () => {
    const long = `"${'n'.repeat(1000)}":`
    expect(await read(`${long}0`, first, `${long}[]`)).toMatch(
      /^\$\.records\.n{199}… must be an object$|^\$\.records\["n/
    )
  })
  it('counts the last `records`, and the last `schema_version`', async () => {
    const twice = `{"records":{${first}},"schema_version":2,"records":{${second}},"schema_version":1}`
    expect(await readChunks(Buffer.from(twice))).toMatchObject({ right: [{ key: 'z' }] })
    const newer = `{"schema_version":1,"records":{${first}},"schema_version":2}`
    expect(await readChunks(Buffer.from(newer))).toMatchObject({ left: { _tag: 'UnsupportedVersion' } })
  })
})
