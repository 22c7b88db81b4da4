import * as E from 'fp-ts/Either'
import { invalidInput } from '../../domain/failure.ts'
import type { Parsed } from '../../domain/parsing/parsed.ts'
import type { Inline, ViewsBesideLog } from '../ports/inline.ts'
import type { Generation } from '../ports/view-store.ts'
import { advance, type LevelReader, standsOnLog } from './advance.ts'
import { buildFault, noView } from './live-build.ts'
import { type Projection, parseProjection, shapeOf } from './projection.ts'
import { anotherLog } from './stands-on.ts'

const liveIn = (views: ViewsBesideLog, name: string): Generation | undefined =>
  views.generations(name).find(({ standing }) => standing === 'live')

/**
 * A projection as what writes the log keeps it: fed in the transaction of each append. Poison parks its key, as in a run.
 * What else it cannot be kept by is answered: the append goes on without it, and the view is behind.
 */
export const inlineOf = <S>(projection: Projection<S>, reader: LevelReader): Inline => {
  const { name, version } = projection
  const { category } = reader
  return {
    name,
    prepare: (views) => {
      const build = liveIn(views, name)
      if (build === undefined) {
        const spec = { name, version, category, partitions: 1, standing: 'live' } as const
        return E.asUnit(views.create(spec, shapeOf(projection)))
      }
      const fault = buildFault(projection, category, build)
      if (fault !== undefined) return E.left(fault)
      return standsOnLog(views, build) ? E.right(undefined) : E.left(anotherLog(name))
    },
    advance: (views) => {
      const build = liveIn(views, name)
      if (build === undefined) return E.left(noView(name))
      const fault = buildFault(projection, category, build)
      return fault === undefined ? advance({ projection, build, rule: 'park', reader }, views) : E.left(fault)
    }
  }
}

/** Projections as they were given, to be kept inline; or what is wrong with them: `InvalidInput` with its path. */
export const parseInline = (
  projections: ReadonlyArray<Projection<unknown>>,
  reader: LevelReader
): Parsed<ReadonlyArray<Inline>> => {
  const names = new Set<string>()
  const all: Array<Inline> = []
  for (const [index, projection] of projections.entries()) {
    const at = `$.inline[${index}]`
    const parsed = parseProjection(projection)
    if (E.isLeft(parsed)) {
      const { message, path = '$' } = parsed.left
      return E.left(invalidInput(message.replace('$', at), path.replace('$', at)))
    }
    const { name } = parsed.right
    if (names.has(name)) return E.left(invalidInput(`${at}.name is there twice`, `${at}.name`))
    names.add(name)
    all.push(inlineOf(parsed.right, reader))
  }
  return E.right(all)
}
