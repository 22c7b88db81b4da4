/** What takes two columns: East Asian scripts with their punctuation and full-width forms, and emoji. */
const isWide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u

let segmenter: Intl.Segmenter | undefined

/** Code units that are looked at together: the time that a segmenter takes grows with the square of its text's length. */
const piece = 256

/**
 * What one sees as one character may be several: a letter with its marks, an emoji with its colour. One that is longer
 * than a piece is taken for several.
 */
function* graphemes(text: string): Generator<string, void> {
  // made where a text is not plain: that takes longer than most tables
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  for (let from = 0; from < text.length; ) {
    // a pair of surrogates stays together
    const end = from + piece + ((text.codePointAt(from + piece - 1) ?? 0) > 0xffff ? 1 : 0)
    let held: string | undefined
    for (const { segment } of segmenter.segment(text.slice(from, end))) {
      if (held !== undefined) {
        yield held
        from += held.length
      }
      held = segment
    }
    // the last of a piece may go on in the next, unless it is all there is of it
    if (held !== undefined && (end >= text.length || held.length >= piece)) {
      yield held
      from += held.length
    }
  }
}

const isPlain = (text: string): boolean => /^[ -~]*$/.test(text)

/** How many columns of a terminal a text takes. */
export const widthOf = (text: string): number => {
  if (isPlain(text)) return text.length
  let width = 0
  for (const segment of graphemes(text)) width += isWide.test(segment) ? 2 : 1
  return width
}

/** A text that takes so many columns at most: its beginning and an ellipsis where it is longer. */
export const cut = (text: string, width: number): string => {
  if (widthOf(text) <= width) return text
  if (isPlain(text)) return `${text.slice(0, width - 1)}…`
  let kept = ''
  let left = width - 1
  for (const segment of graphemes(text)) {
    left -= widthOf(segment)
    if (left < 0) break
    kept += segment
  }
  return `${kept}…`
}

/** The words of a text in lines; a word that is longer than a line has one of its own. */
export const wrapped = (text: string, room: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let line = ''
  let width = 0
  for (const word of text.split(' ')) {
    const wordWidth = widthOf(word)
    if (line !== '' && width + 1 + wordWidth > room) {
      lines.push(line)
      line = word
      width = wordWidth
    } else {
      width += line === '' ? wordWidth : 1 + wordWidth
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}
