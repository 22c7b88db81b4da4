import type { Json } from '../../domain/json.ts'

/** As far from every other index as can be. */
const farthest = '4294967294'

/**
 * A name that V8 takes for an index: it makes room for every index below it, so that `{"1023":0}` would take a thousand
 * times its text. Where one lies as far as can be it keeps a table instead, and goes on to.
 */
const setIndexed = (object: { [key: string]: Json }, key: string, value: Json): void => {
  const isTable = Object.hasOwn(object, farthest)
  if (!isTable) object[farthest] = null
  object[key] = value
  if (!isTable) delete object[farthest]
}

/** Sets a member as the object's own, whatever its name is. Of members with one name the last counts. */
export const setMember = (object: { [key: string]: Json }, key: string, value: Json): void => {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
  } else if (/^[1-9]\d{1,8}$/.test(key)) setIndexed(object, key, value)
  else object[key] = value
}
