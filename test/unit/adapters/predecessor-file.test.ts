import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../src/adapters/node/sha256.ts'
import { toFileRecord } from '../../../src/adapters/predecessor-file/file-record.ts'
import { readPredecessorFile } from '../../../src/adapters/predecessor-file/read.ts'
import { writePredecessorFile } from '../../../src/adapters/predecessor-file/write.ts'

type Case = {
  readonly file: string
  readonly note: string
  readonly tags: ReadonlyArray<string>
  readonly result: { readonly count?: number; readonly error?: string }
  readonly records?: { readonly [id: string]: unknown }
  readonly rewritten_text?: string
  readonly differs?: string
}

const folder = resolve(import.meta.dirname, '../../conformance')
const { cases }: { cases: ReadonlyArray<Case> } = JSON.parse(readFileSync(resolve(folder, 'files.json'), 'utf8'))

const read = (file: string) => readPredecessorFile(sha256)(readFileSync(resolve(folder, file)))

/** How keyfold answers the files that it takes otherwise than the predecessor (SPEC 14). */
const differing: { readonly [file: string]: string } = {
  'files/59-duplicate-record.json': 'refused: it stands under another id',
  'files/62-minimal-record.json': 'refused: it stands under another id',
  'files/93-tenant-minimal.json': 'refused: it stands under another id',
  'files/95-tenant-empty-deployment.json': 'taken: an empty deployment is none',
  'files/96-record-schema-99.json': 'refused: the record is of a newer schema',
  'files/98-foreign-map-key.json': 'refused: it stands under another id',
  'files/a0-untrimmed-stored.json': 'refused: its fields are not trimmed',
  'files/a2-other-tenant-inside.json': 'refused: it stands under another id'
}

/** Files that may be answered either way, and are refused: an integer that would change, or a quirk of serde's. */
const refusedByTag = (tags: ReadonlyArray<string>): boolean =>
  tags.some((tag) => tag === 'int64' || tag === 'serde-quirk')

/** In the ledger −0 is 0 (SPEC section 12). */
const asNumbers = (text: string): unknown => JSON.parse(text, (_, value) => (value === 0 ? 0 : value))

describe('every file that the predecessor was given', () => {
  it('leaves no differing case without an answer', () => {
    const named = cases.filter(({ differs, file }) => differs !== undefined && existsSync(resolve(folder, file)))
    expect(named.map(({ file }) => file).filter((file) => !(file in differing))).toEqual([])
  })
  for (const one of cases) {
    if (!existsSync(resolve(folder, one.file))) continue
    it(`${one.file}: ${one.note}`, () => {
      const result = read(one.file)
      const otherwise = differing[one.file]
      if (otherwise?.startsWith('refused') || refusedByTag(one.tags)) {
        expect(result).toMatchObject({ _tag: 'Left', left: { _tag: 'ImportRefused', path: expect.any(String) } })
        return
      }
      if (one.result.error !== undefined) {
        expect(result).toMatchObject({
          _tag: 'Left',
          left: { _tag: expect.stringMatching(/ImportRefused|UnsupportedVersion/) }
        })
        return
      }
      if (E.isLeft(result)) return expect.fail(result.left.message)
      const records = Object.fromEntries(result.right.map((record) => [record.recordId, toFileRecord(record)]))
      const expected = JSON.parse(JSON.stringify(one.records).replaceAll('"deployment_id":"",', ''))
      expect(records).toEqual(expected)
      const written = [...writePredecessorFile(result.right)].join('')
      if (one.rewritten_text !== undefined) expect(asNumbers(written)).toEqual(asNumbers(one.rewritten_text))
      if (one.tags.includes('keys')) expect(written).toBe(one.rewritten_text)
      const again = readPredecessorFile(sha256)(Buffer.from(written))
      // it writes them by record id, whatever order they came in
      expect(again).toEqual(E.right(result.right.toSorted((a, b) => (a.recordId < b.recordId ? -1 : 1))))
    })
  }
})
