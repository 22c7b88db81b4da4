import * as E from 'fp-ts/Either'
import type { Parsed } from '../../../domain/parsing/parsed.ts'
import type { CliDeps } from '../deps.ts'
import { notIntact } from '../input/intact.ts'

export const defaultStore = 'sqlite:keyfold.db'

/** What the store was named by. */
export const namedBy = (named: string | undefined, env: CliDeps['env']): '--store' | 'KEYFOLD_STORE' =>
  named === undefined && env['KEYFOLD_STORE'] ? 'KEYFOLD_STORE' : '--store'

/** The store that is meant: the one that is named, else the environment's, else the default one. */
export const storeAddress = (named: string | undefined, env: CliDeps['env']): Parsed<string> => {
  if (named !== undefined) return E.right(named)
  // set to nothing is how many shells and service files unset a variable
  const address = env['KEYFOLD_STORE'] || defaultStore
  const fault = notIntact(address, 'KEYFOLD_STORE')
  return fault === undefined ? E.right(address) : E.left(fault)
}
