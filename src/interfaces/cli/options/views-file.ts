import * as E from 'fp-ts/Either'
import type { Parsed } from '../../../domain/parsing/parsed.ts'
import type { CliDeps } from '../deps.ts'
import { notIntact } from '../input/intact.ts'

export const defaultViews = 'keyfold-views.db'

/** The file of the views that is meant: the one that is named, else the environment's, else the default one. */
export const viewsFile = (named: string | undefined, env: CliDeps['env']): Parsed<string> => {
  if (named !== undefined) return E.right(named)
  const file = env['KEYFOLD_VIEWS'] || defaultViews
  const fault = notIntact(file, 'KEYFOLD_VIEWS')
  return fault === undefined ? E.right(file) : E.left(fault)
}
