import { relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { doors, editor, hover, publicMembers, publicNames } from '../support/hover.ts'

const root = resolve(import.meta.dirname, '../..')

/** A consumer of a door who imports all that it has. */
const importing = (file: string, names: ReadonlyArray<string>): string =>
  `import { ${names.join(', ')} } from '${file.replace(/\.d\.ts$/, '.js')}'`

describe('what an editor shows of the built package', () => {
  const consumers = new Map<string, string>()
  // one for all doors: each would read and check every file anew
  const service = editor(consumers)
  const names = new Map(doors.map(([, file]) => [file, publicNames(service, file)]))
  const consumerOf = (file: string): string => file.replace(/\.d\.ts$/, '.consumer.ts')
  for (const [file, exported] of names) consumers.set(consumerOf(file), importing(file, exported))

  it.each(doors)('has a text for every name that %s exports, where it is imported', (_, file) => {
    const exported = names.get(file) ?? []
    expect(exported.length).toBeGreaterThan(0)
    const [consumer, text] = [consumerOf(file), importing(file, exported)]
    const silent = exported.filter((name) => hover(service, consumer, text.search(new RegExp(`\\b${name}\\b`))) === '')
    expect(silent).toEqual([])
  })

  it.each(doors)('has a text for every member of what %s exports', (_, file) => {
    const silent = [...publicMembers(service, file)].filter(
      ([, node]) => hover(service, node.getSourceFile().fileName, node.name.getStart()) === ''
    )
    expect(silent.map(([path, node]) => `${relative(root, node.getSourceFile().fileName)}: ${path}`)).toEqual([])
  })
})
