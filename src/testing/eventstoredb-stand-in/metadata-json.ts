/** A JSON value whose numbers are as they were written: metadata hold integers that a double cannot. */
export type RawJson = string | boolean | null | NumberText | ReadonlyArray<RawJson> | RawObject
export type RawObject = { readonly [name: string]: RawJson }
export type NumberText = { readonly number: string }

export const isNumber = (value: RawJson | undefined): value is NumberText => isObject(value) && tagged.has(value)

export const isObject = (value: RawJson | undefined): value is RawObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The objects that stand for numbers, so that no object of the text is taken for one. */
const tagged = new WeakSet<object>()

const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs
const mark = '\uE0FFnumber:'

const numberText = (text: string): NumberText => {
  const value: NumberText = { number: text }
  tagged.add(value)
  return value
}

/** The object that a text begins with; undefined for anything else. */
export const parseObject = (bytes: Uint8Array): RawObject | undefined => {
  const text = Buffer.from(bytes)
    .toString()
    .replace(/^\uFEFF/, '')
  try {
    const marked = text.replace(stringOrNumber, (token) => (token.startsWith('"') ? token : `"${mark}${token}"`))
    const value: RawJson = JSON.parse(marked, (_, each: unknown) =>
      typeof each === 'string' && each.startsWith(mark) ? numberText(each.slice(mark.length)) : each
    )
    return isObject(value) && !isNumber(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** As .NET writes a double: never without a point or an exponent, which has a sign and two digits. */
const asDouble = (text: string): string => {
  const [mantissa = '', exponent] = String(Number(text)).split('e')
  if (exponent !== undefined) return `${mantissa}E${exponent.replace(/^([+-])(\d)$/, '$10$2')}`
  return mantissa.includes('.') ? mantissa : `${mantissa}.0`
}

/** As the server writes what it has read: integers as they were, anything else as a double. */
export const printed = (value: RawJson): string => {
  if (isNumber(value)) return /^-?\d+$/.test(value.number) ? value.number : asDouble(value.number)
  if (isObject(value)) {
    return `{${Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}:${printed(each)}`)}}`
  }
  return Array.isArray(value) ? `[${value.map(printed)}]` : JSON.stringify(value)
}
