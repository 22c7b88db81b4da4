import { join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { doors, editor, hover, publicMembers, publicNames } from '../support/hover.ts'

const root = resolve(import.meta.dirname, '../..')

/** A consumer of a door who imports all that it has. */
const importing = (file: string, names: ReadonlyArray<string>): string =>
  `import { ${names.join(', ')} } from '${file.replace(/\.d\.ts$/, '.js')}'`

describe('what an editor shows of the built package', () => {
  const service = editor()
  it.each(doors)('has a text for every name that %s exports, where it is imported', (_, file) => {
    const names = publicNames(service, file)
    expect(names.length).toBeGreaterThan(0)
    const consumer = join(root, 'consumer.ts')
    const text = importing(file, names)
    const used = editor(new Map([[consumer, text]]))
    const silent = names.filter((name) => hover(used, consumer, text.search(new RegExp(`\\b${name}\\b`))) === '')
    expect(silent).toEqual([])
  })

  it.each(doors)('has a text for every member of what %s exports', (_, file) => {
    const silent = [...publicMembers(service, file)].filter(
      ([, node]) => hover(service, node.getSourceFile().fileName, node.name.getStart()) === ''
    )
    expect(silent.map(([path, node]) => `${relative(root, node.getSourceFile().fileName)}: ${path}`)).toEqual([])
  })
})
