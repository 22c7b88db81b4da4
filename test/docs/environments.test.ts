import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { blocksOf, read } from '../support/documents.ts'

const page = 'docs/how-to/environments.md'
const recipes = blocksOf(page).filter(({ source }) => source !== undefined)

const { rows }: { readonly rows: ReadonlyArray<{ readonly name: string }> } = await import(
  /* @vite-ignore */ pathToFileURL(resolve('scripts/trial/rows.mjs')).href
)

describe('the page of environments', () => {
  it.each(recipes.map((recipe) => [recipe.source ?? '', recipe] as const))(
    'shows %s as the trial uses it',
    (source, { text }) => {
      expect(source).toMatch(/^scripts\/trial\/projects\//)
      expect(text).toBe(read(source))
    }
  )
  it('has recipes, and a table that the trial wrote, of which every row runs', () => {
    expect(recipes.map(({ source }) => source)).toHaveLength(6)
    const [, table = ''] = /<!-- trial: [^\n]*\n([\s\S]*?)<!-- the end/.exec(read(page)) ?? []
    const lines = table.split('\n').filter((line) => line.startsWith('| '))
    expect(lines.slice(2).map((line) => line.replace(/^\| (.*?) \|.*\| (.*) \|$/, '$1: $2'))).toEqual(
      rows.map(({ name }) => `${name}: runs`)
    )
  })
})
