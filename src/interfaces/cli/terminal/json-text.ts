/**
 * What JSON may hold as it is and a reader of lines, a terminal or a person takes for something else: line ends that
 * only some know, control characters, and what is not seen but turns the direction of text.
 */
const misleading = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu

/** JSON has its escapes for code units, of which a character may be two. */
const escaped = (character: string): string =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')

/** The same JSON with escapes for what misleads; such characters stand only within its strings. */
export const plainJson = (json: string): string => json.replace(misleading, escaped)

/** A value as JSON on one line. */
export const jsonText = (value: unknown): string => plainJson(JSON.stringify(value))

function* list(items: Iterable<unknown>): Generator<string, void> {
  let before = '['
  for (const item of items) {
    yield `${before}${jsonText(item)}`
    before = ','
  }
  yield before === '[' ? '[]' : ']'
}

/**
 * A document as JSON on one line, piece by piece: of its members those that are lists are taken item by item, since
 * together they may be longer than any text can be.
 */
export function* jsonDocument(members: { readonly [name: string]: unknown }): Generator<string, void> {
  let before = '{'
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined) continue
    yield `${before}${jsonText(name)}:`
    if (typeof value === 'object' && value !== null && Symbol.iterator in value) yield* list(value as Iterable<unknown>)
    else yield jsonText(value)
    before = ','
  }
  yield before === '{' ? '{}' : '}'
}
