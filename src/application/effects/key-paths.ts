import { amended, type Failure } from '../../domain/failure.ts'
import { onceKeyNames } from './once-options.ts'

/** Where a key stands in the options of `onceAll`. */
export const keyPath = (index: number): string => `$.keys[${index}]`

/**
 * What `reserveAll` says of one of its requests, as said of the options that it was made of: what is the key's own stands
 * with the key, all else once for all keys.
 */
export const inOptions = (failed: Failure): Failure => {
  const [place, index, member] = /^\$\[(\d+)\](?:\.(\w+))?/.exec(failed.path ?? '') ?? []
  if (failed.path === undefined || place === undefined) return failed
  const isKeys = member === undefined || Object.hasOwn(onceKeyNames, member)
  const root = isKeys ? keyPath(Number(index)) : '$'
  const said = failed.message.replace(/^request \d+: /, '')
  const named = said.startsWith('$') ? `${root}${said.slice(1)}` : `${root}: ${said}`
  return amended(failed, {
    message: isKeys ? named : said,
    path: `${root}${failed.path.slice(failed.path.indexOf(']') + 1)}`
  })
}
