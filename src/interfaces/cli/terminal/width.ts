/**
 * What takes two columns: what UAX #11 calls wide or full-width, and emoji. No property of a pattern says the first, and
 * scripts do not: they hold half-width forms, and many wide marks are of none. Marks that join are left to what they join.
 */
const isWide =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u3096\u309b-\u3247\u3250-\u4dbf\u4e00-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u

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

/** Sound marks of half-width katakana: they join what stands before them, and have a column of their own. */
const ownColumns = /(?<!^)[\uff9e\uff9f]/g

const widthOfOne = (segment: string): number =>
  (isWide.test(segment) ? 2 : 1) + (segment.length === 1 ? 0 : (segment.match(ownColumns)?.length ?? 0))

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
