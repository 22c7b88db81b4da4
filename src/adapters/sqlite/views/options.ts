import type { Failure } from '../../../domain/failure.ts'
import { Millis } from '../../../domain/instant.ts'
import { optionsOf } from '../../../domain/parsing/having.ts'
import { both, faultOf, keeping, optional } from '../../../domain/parsing/parsed.ts'
import { isMembers } from '../../../domain/parsing/values.ts'
import { noInline } from '../../common/no-inline.ts'
import { isFile } from '../options.ts'

/** How views in a file are opened. */
export type SqliteViewsOptions = {
  /** The database file; made where there is none. Its folder must exist. The file of an event store takes the views of its own log in. */
  readonly file: string
  /** How long to wait for another process's lock before `StoreBusy`, ms. 5,000 where it is left out. */
  readonly busyTimeoutMs?: number | undefined
}

const options = both(
  keeping(isMembers, 'must be the options of a store of views'),
  optionsOf(
    {
      file: keeping(isFile, 'must be the name of a file; without one there are views in memory'),
      busyTimeoutMs: optional(keeping(Millis.is, 'must be a whole number of milliseconds')),
      inline: noInline
    },
    'name'
  )
)

/** What makes no sense in the options of views in a file, whoever gave them. */
export const viewsOptionsFault = (given: unknown): Failure | undefined => faultOf(options('$', given))
