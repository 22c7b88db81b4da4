import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

export const read = (file: string): string => readFileSync(resolve(root, file), 'utf8')

/** The README and every page under `docs`, by their paths. */
export const documents = (): ReadonlyArray<string> => [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => relative(root, join(root, 'docs', name)))
    .sort()
]

/** A fenced block of a page: its language, its text, and the comment above it that names where it comes from. */
export type Block = {
  readonly page: string
  readonly language: string
  readonly text: string
  readonly source?: string
}

export const blocksOf = (page: string): ReadonlyArray<Block> =>
  [...read(page).matchAll(/(?:<!-- (\S+) -->\n)?```(\w+)\n([\s\S]*?)```/g)].map(
    ([, source, language = '', text = '']) => ({ page, language, text, ...(source !== undefined && { source }) })
  )
