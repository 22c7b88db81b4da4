import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { read } from '../support/documents.ts'

const folder = 'test/unit/effects'

/** The names of the tests, and what stands beside each in a table of examples. */
const tests = readdirSync(folder)
  .map((name) => read(join(folder, name)))
  .flatMap((text) => [...text.matchAll(/(?:\bit(?:\.each[\s\S]*?)?\(\s*|\[)'([^'\n]{8,})'/g)])
  .map(([, name = '']) => name)

const everyAnswer =
  read('docs/reference/once.md').split('## Every defined answer')[1]?.split('## Several keys')[0] ?? ''

const rows = [...everyAnswer.matchAll(/^\| ([^|]+?) \| [^|]+ \|$/gm)]
  .map(([, row = '']) => row)
  .filter((row) => row !== '---')

describe('the page on once', () => {
  it('has a row for everything that is defined', () => {
    expect(rows.length).toBeGreaterThan(85)
  })
  it.each(rows)('names a test: %s', (row) => {
    expect(
      tests.some(
        (name) =>
          name === row ||
          name.startsWith(`${row}: `) ||
          name.startsWith(`${row}, after `) ||
          name.startsWith(`${row} %`)
      )
    ).toBe(true)
  })
})
