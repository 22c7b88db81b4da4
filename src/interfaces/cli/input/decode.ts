import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { invalidInput } from '../../../domain/failure.ts'
import type { Parsed } from '../../../domain/parsing/parsed.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const mark = '\ufeff'

/** UTF-16 begins with its mark, or with an ASCII character of two bytes, as all JSON does: one of them is 0. */
const isUtf16 = ([first, second]: Uint8Array): boolean =>
  first === 0 || second === 0 || (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)

/** Text as it is, but for one that begins with a byte order mark: that is no JSON, and hard to see. */
export const unmarked = (text: string, what: string, path?: string): Parsed<string> =>
  text.startsWith(mark)
    ? E.left(invalidInput(`${what} begins with a byte order mark (U+FEFF): write UTF-8 without one`, path))
    : E.right(text)

/**
 * Decodes UTF-8 and nothing else. Bytes that are none are refused, since they would all become the same replacement
 * character, and two requests one; what they probably are is said by name.
 */
export const decodeText = (bytes: Uint8Array, what: string, path?: string): Parsed<string> =>
  isUtf16(bytes)
    ? E.left(invalidInput(`${what} is UTF-16: write UTF-8`, path))
    : pipe(
        E.tryCatch(
          () => decoder.decode(bytes),
          () => invalidInput(`${what} is not UTF-8`, path)
        ),
        E.flatMap((text) => unmarked(text, what, path))
      )
