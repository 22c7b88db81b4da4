import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

/** The file or folder of a place that a file lies in; undefined for one that lies elsewhere. */
const roomIn = (place: string, file: string): string | undefined => {
  const [room = ''] = relative(place, file).split('/')
  return room === '..' ? undefined : room
}

/** Who imports whom among the files and folders of a place, as `a --> b`, sorted. */
export const arrowsIn = (folder: string): ReadonlyArray<string> => {
  const place = join(root, folder)
  const arrows = readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const file = join(place, name)
      const imported = [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?'(\.[^']+)'/g)]
      return imported.map(([, path = '']) => [roomIn(place, file), roomIn(place, join(dirname(file), path))] as const)
    })
    .filter(([from, to]) => to !== undefined && from !== to)
    .map(([from, to]) => `${from} --> ${to}`)
  return [...new Set(arrows)].sort()
}

/** The arrows of a mermaid flowchart, by what its nodes are labelled. */
export const arrowsDrawn = (text: string): ReadonlyArray<string> => {
  const labels = new Map(
    [...text.matchAll(/([\w-]+)\[([^\]]+?)\/?\]/g)].map(([, id = '', label = '']) => [id, label] as const)
  )
  const label = (id = ''): string => labels.get(id) ?? id
  return [...text.matchAll(/^\s*([\w-]+)(?:\[[^\]]*\])? --> ([\w-]+)/gm)]
    .map(([, from, to]) => `${label(from)} --> ${label(to)}`)
    .sort()
}
