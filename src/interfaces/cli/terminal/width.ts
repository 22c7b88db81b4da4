/** What takes two columns: East Asian scripts with their punctuation and full-width forms, and emoji. */
const isWide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u

let segmenter: Intl.Segmenter | undefined

/** Segmenting a text takes time in the square of its length (Node 20 to 26), so it is given in pieces of so many code units. */
const pieceLength = 256

const isLowHalf = (text: string, index: number): boolean => (text.charCodeAt(index) & 0xfc00) === 0xdc00

/** What one sees as one character may be several: a letter with its marks, an emoji with its colour. */
function* graphemes(text: string): Generator<string, void> {
  // made where a text is not plain: that takes longer than most tables
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  let start = 0
  while (start < text.length) {
    // no piece ends between the two halves of a character
    const end = Math.min(text.length, start + pieceLength + (isLowHalf(text, start + pieceLength) ? 1 : 0))
    const segments = [...segmenter.segment(text.slice(start, end))].map(({ segment }) => segment)
    // the last one may go on in what comes next; one that fills a piece is taken as it stands
    if (end < text.length && segments.length > 1) segments.pop()
    for (const segment of segments) {
      yield segment
      start += segment.length
    }
  }
}

/** Of a column for each code unit, and nothing that joins: ASCII, and the ellipsis that our own tables are full of. */
const isPlain = (text: string): boolean => /^[ -~…]*$/.test(text)

const widthOfOne = (segment: string): number => (isWide.test(segment) ? 2 : 1)

/** How many columns of a terminal a text takes. */
export const widthOf = (text: string): number => {
  if (isPlain(text)) return text.length
  let width = 0
  for (const segment of graphemes(text)) width += widthOfOne(segment)
  return width
}

/** A text that takes so many columns at most: its beginning and an ellipsis where it is longer. */
export const cut = (text: string, width: number): string => {
  if (widthOf(text) <= width) return text
  if (isPlain(text)) return `${text.slice(0, width - 1)}…`
  let end = 0
  let left = width - 1
  for (const segment of graphemes(text)) {
    left -= widthOfOne(segment)
    if (left < 0) break
    end += segment.length
  }
  return `${text.slice(0, end)}…`
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
