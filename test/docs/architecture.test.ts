import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { blocksOf, read } from '../support/documents.ts'
import { arrowsDrawn, arrowsIn } from '../support/imports.ts'

const page = 'docs/explanation/architecture.md'
const pictures = blocksOf(page).filter(({ language }) => language === 'mermaid')

describe('the map of the house', () => {
  it('shows the whole, the ledger, its engine, the stores and the largest of them', () => {
    expect(pictures.map(({ source }) => source)).toEqual([
      'src',
      'src/application',
      'src/application/engine',
      'src/adapters',
      'src/adapters/eventstoredb'
    ])
  })
  it.each(pictures.map(({ source = '', text }) => [source, text] as const))('is what %s imports', (folder, text) => {
    expect(arrowsIn(folder).length).toBeGreaterThan(5)
    expect(arrowsDrawn(text)).toEqual(arrowsIn(folder))
  })
  it('names files that are there', () => {
    const folders = [
      'src',
      'src/application',
      'src/application/engine',
      'src/application/engine/transact',
      'src/adapters'
    ]
    const more = ['src/adapters/sqlite', 'src/domain', 'src/domain/events', 'src/application/requests']
    const named = [...read(page).matchAll(/`((?:[\w-]+\/)*[\w-]+\.ts)`/g)].map(([, file = '']) => file)
    expect(named.length).toBeGreaterThan(15)
    const lost = named.filter((file) => ![...folders, ...more].some((folder) => existsSync(`${folder}/${file}`)))
    expect(lost).toEqual([])
  })
})
