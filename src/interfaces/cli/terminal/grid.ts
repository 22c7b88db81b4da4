import picocolors from 'picocolors'

const gap = '  '
/** In less room than this, words are better left to the terminal to wrap. */
const leastRoom = 24
/** Widths are those of the first rows: all of them are not held for the sake of a cell that may be wider. */
const sampleSize = 1000
/** A cell that is wider goes on beyond its column, rather than leaving blanks of its width in every other row. */
const widest = 72

const isWide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}]/u

/** How many columns of a terminal a text takes. */
const widthOf = (text: string): number => {
  if (/^[ -~]*$/.test(text)) return text.length
  let width = 0
  for (const one of text) width += isWide.test(one) ? 2 : /\p{M}/u.test(one) ? 0 : 1
  return width
}

type Line = ReadonlyArray<string>

const widthsOf = (sample: ReadonlyArray<Line>): ReadonlyArray<number> => {
  const widths: Array<number> = []
  for (const row of sample) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, widthOf(cell))
    }
  }
  return widths
}

/** The words of a text in lines; a word that is longer than a line has one of its own. */
const wrapped = (text: string, room: number): Line => {
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

export type GridOptions = { readonly colour: boolean; readonly lineLength?: number | undefined }

/** Rows in columns, line by line, the head first where there is one. Where a line is too short its last cell wraps. */
export function* grid({ colour, lineLength }: GridOptions, head: Line, rows: Iterable<Line>): Generator<string, void> {
  const { bold } = picocolors.createColors(colour)
  const source = rows[Symbol.iterator]()
  const sample: Array<Line> = head.length === 0 ? [] : [head]
  let next = source.next()
  for (; next.done !== true && sample.length < sampleSize; next = source.next()) sample.push(next.value)

  const all = widthsOf(sample)
  const widths = all.slice(0, -1).map((width) => Math.min(width, widest))
  const room = widths.reduce((left, width) => left - width - gap.length, lineLength ?? 0)
  const wraps = room >= leastRoom && (all.at(-1) ?? 0) > room

  function* laid(row: Line, style: (cell: string) => string = (cell) => cell): Generator<string, void> {
    const before = widths.map((width, column) => {
      const cell = row[column] ?? ''
      return `${style(cell)}${' '.repeat(Math.max(0, width - widthOf(cell)))}${gap}`
    })
    const [first = '', ...more] = wraps ? wrapped(row.at(-1) ?? '', room) : [row.at(-1) ?? '']
    yield `${before.join('')}${style(first)}`.trimEnd()
    const indent = ' '.repeat(widths.reduce((sum, width) => sum + width + gap.length, 0))
    for (const line of more) yield `${indent}${line}`
  }

  for (const row of sample) yield* row === head ? laid(row, bold) : laid(row)
  for (; next.done !== true; next = source.next()) yield* laid(next.value)
}
