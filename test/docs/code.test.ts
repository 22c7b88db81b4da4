import { normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { blocksOf, documents, read } from '../support/documents.ts'

/** Below this line a snippet's file holds what its test needs and no reader does. */
const end = '// the end of what the documentation shows\n'

const blocks = documents()
  .flatMap(blocksOf)
  .filter(({ language }) => language === 'ts')

describe('TypeScript in the documentation', () => {
  it('is there', () => {
    expect(blocks.length).toBeGreaterThan(1)
  })
  it.each(blocks.map((block, index) => [`${block.page}, block ${index + 1}`, block] as const))(
    '%s is the text of a file that is checked and run',
    (_, { source, text }) => {
      expect(source).toMatch(/^test\/docs\/snippets\/[\w-]+\.ts$/)
      expect(text.trimEnd()).toBe(
        read(source ?? '')
          .split(end)[0]
          ?.trimEnd()
      )
    }
  )
})

const linksOf = (page: string): ReadonlyArray<string> => {
  const folder = page.includes('/') ? page.slice(0, page.lastIndexOf('/') + 1) : ''
  return [...read(page).matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, link = '']) =>
    normalize(`${folder}${link}`)
  )
}

describe('links in the documentation', () => {
  it('lead from the README to every page but decisions', () => {
    const reached = new Set<string>()
    const follow = (page: string): void => {
      if (reached.has(page) || !documents().includes(page)) return
      reached.add(page)
      for (const link of linksOf(page)) follow(link)
    }
    follow('README.md')
    const pages = documents().filter((page) => !page.startsWith('docs/adr/'))
    expect(pages.filter((page) => !reached.has(page))).toEqual([])
  })
  it.each(documents())('%s links to pages that are there', (page) => {
    for (const link of linksOf(page)) expect(() => read(link), `${page}: ${link}`).not.toThrow(/ENOENT/)
  })
})
