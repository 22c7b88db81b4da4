import { rightOrThrow } from '../../composition/promises.ts'
import { optionsOf } from '../../domain/parsing/having.ts'
import { keeping, optional } from '../../domain/parsing/parsed.ts'
import { bool, func, isMembers, millis, string, strings } from '../../domain/parsing/values.ts'
import type { StandInOptions } from './stand-in-api.ts'

const isWhole = (value: unknown, from: number, to = Number.MAX_SAFE_INTEGER): boolean =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= from && value <= to

const count = keeping((value) => isWhole(value, 1), 'must be a whole number above 0')

const isString = (value: unknown): boolean => typeof value === 'string'

const isTable = (value: unknown, keeps: (entry: unknown) => boolean): boolean =>
  isMembers(value) && !Array.isArray(value) && Object.values(value).every(keeps)

const rules = {
  port: optional(keeping((value) => isWhole(value, 0, 65_535), 'must be a port')),
  now: optional(func),
  maxAppendSize: optional(count),
  version: optional(keeping((value) => isString(value) && /^\d+\.\d+/.test(String(value)), "must be like '24.10.4'")),
  indexLagMs: optional(millis),
  tls: optional(optionsOf({ cert: string, key: string, caFile: optional(string) })),
  users: optional(keeping((value) => isTable(value, isString), 'must hold passwords by user name')),
  admins: optional(strings),
  groups: optional(
    keeping(
      (value) => isTable(value, (list) => Array.isArray(list) && list.every(isString)),
      'must hold lists of groups by user name'
    )
  ),
  anonymous: optional(bool),
  quirks: optional(
    optionsOf({
      silentWhenCaughtUp: optional(bool),
      endsLaggingBy: optional(count),
      splitsCheckpoints: optional(bool)
    } satisfies { readonly [name in keyof Required<NonNullable<StandInOptions['quirks']>>]: unknown })
  )
}

/** Throws a `KeyfoldError` where an option makes no sense, or is misspelt. */
export const checkOptions = (options: StandInOptions, isStandIn: (value: object) => boolean): void => {
  const joins = optional(
    keeping((value) => isMembers(value) && isStandIn(value), 'must be a stand-in, as startStandIn gave it')
  )
  rightOrThrow(
    optionsOf({ ...rules, joins } satisfies { readonly [name in keyof Required<StandInOptions>]: unknown })(
      '$',
      options
    )
  )
}

const thawing = optionsOf({ deposedMs: optional(millis) })
const stopping = optionsOf({ graceful: optional(bool) })

export const checkThaw = (options: unknown): void => void rightOrThrow(thawing('$', options))
export const checkStop = (options: unknown): void => void rightOrThrow(stopping('$', options))
