import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { type Mode, modeFor } from '../../../../src/interfaces/cli/terminal/mode.ts'
import { printable } from '../../../../src/interfaces/cli/terminal/printable.ts'
import { progress } from '../../../../src/interfaces/cli/terminal/progress.ts'
import { rendered as renderedInPieces } from '../../../../src/interfaces/cli/terminal/render.ts'
import { fields, headline, type Report, table } from '../../../../src/interfaces/cli/terminal/view.ts'
import { write, writeAll } from '../../../../src/interfaces/cli/terminal/write.ts'
import { sink } from '../../../support/cli.ts'

const rendered = (report: Report, mode: Mode): string => [...renderedInPieces(report, mode)].join('')

describe('what is printed', () => {
  it('cannot drive a terminal, break a line, or turn the direction of text', () => {
    const hostile = '\u001b[31mred\u0007\n\r\t\u009b1m\u2028\u202e\u200f\ufeff\ud800'
    expect(printable(hostile)).toBe('\\u001b[31mred\\u0007\\n\\r\\t\\u009b1m\\u2028\\u202e\\u200f\\ufeff\\ud800')
  })
  it('is otherwise as it is, in whatever script', () => {
    for (const text of ['', 'plain', 'Größe 漢字 عربى 😀 é', 'a  b']) expect(printable(text)).toBe(text)
  })
})

describe('the form and the colour', () => {
  const terminal = sink({ isTTY: true, columns: 80 }).output
  const pipe = sink().output

  it('are those of a terminal where there is one that can do it', () => {
    expect(modeFor(terminal, {}, false)).toEqual({ form: 'terminal', colour: true, lineLength: 80 })
    expect(modeFor(terminal, { TERM: 'dumb' }, false)).toEqual({ form: 'plain', colour: false })
    expect(modeFor(pipe, {}, false)).toEqual({ form: 'plain', colour: false })
  })
  it('are JSON where that is asked for, without colour', () => {
    expect(modeFor(terminal, { FORCE_COLOR: '1' }, true)).toEqual({ form: 'json', colour: false })
  })
  it('follow NO_COLOR and FORCE_COLOR, of which the first counts more', () => {
    const colour = (output: typeof pipe, env: { readonly [name: string]: string }) => modeFor(output, env, false).colour
    expect(colour(terminal, { NO_COLOR: '1' })).toBe(false)
    expect(colour(terminal, { NO_COLOR: '' })).toBe(true)
    expect(colour(pipe, { FORCE_COLOR: '1' })).toBe(true)
    expect(colour(pipe, { FORCE_COLOR: '' })).toBe(false)
    expect(colour(terminal, { FORCE_COLOR: '0' })).toBe(false)
    expect(colour(pipe, { FORCE_COLOR: '3', NO_COLOR: '1' })).toBe(false)
  })
})

describe('a table in a line that is short', () => {
  const shown = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>, lineLength: number) =>
    rendered({ json: {}, views: [table(head, rows)] }, { form: 'terminal', colour: false, lineLength })

  const time = '2026-11-27T12:12:35.982Z'
  it('has its rows below each other where no columns fit, and nothing is lost', () => {
    const rows = [
      ['0', time, 'Reserved', `lease until ${time}`],
      ['1', time, 'DuplicateSeen', '']
    ]
    expect(shown(['rev', 'at', 'event', 'what'], rows, 40)).toBe(
      [
        '  rev    0',
        `  at     ${time}`,
        '  event  Reserved',
        '  what',
        `    lease until ${time}`,
        '',
        '  rev    1',
        `  at     ${time}`,
        '  event  DuplicateSeen',
        ''
      ].join('\n')
    )
  })
  it('shows numbers whole beside texts too, for two would look the same', () => {
    const rows = [
      ['status', 'reserved', 'conflicted'],
      ['last_seen_at_ms', '1795781555982', '1795781642901']
    ]
    expect(shown(['field', 'before', 'after'], rows, 40)).toContain('1795781555982  1795781642901')
  })
  it('shortens digits that are longer than any number, such as those of a key', () => {
    const lines = shown(['key', 'status'], [['1'.repeat(200), 'reserved']], 80).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
  })
  it('has no such length where the terminal was not told its size', () => {
    expect(modeFor(sink({ isTTY: true, columns: 0 }).output, {}, false).lineLength).toBeUndefined()
  })
})

describe('a report', () => {
  const report = {
    json: { a: 1 },
    views: [
      headline('done', 'good'),
      fields([]),
      fields([
        ['name', 'va\tlue', 'gloss'],
        ['longer name', 'x']
      ]),
      table(
        ['rev', 'what'],
        [
          ['0', 'one two three four five six seven eight nine ten eleven twelve'],
          ['12', 'short\n']
        ]
      )
    ]
  }
  const plain = { form: 'plain', colour: false } as const

  it('is one JSON document on one line', () => {
    expect(rendered(report, { form: 'json', colour: false })).toBe('{"a":1}\n')
  })
  it('is tab-separated for other programs, whatever a value holds', () => {
    expect(rendered(report, plain)).toBe(
      'done\nname\tva\\tlue\nlonger name\tx\nrev\twhat\n' +
        '0\tone two three four five six seven eight nine ten eleven twelve\n12\tshort\\n\n'
    )
  })
  it('is in columns on a terminal, where words of the last column wrap', () => {
    expect(rendered(report, { form: 'terminal', colour: false, lineLength: 40 })).toBe(
      [
        'done',
        '  name         va\\tlue (gloss)',
        '  longer name  x',
        'rev  what',
        '0    one two three four five six seven',
        '     eight nine ten eleven twelve',
        '12   short\\n',
        ''
      ].join('\n')
    )
  })
  it('goes on line by line however narrow it is, and no word of the last column is broken', () => {
    const narrow = rendered(report, { form: 'terminal', colour: false, lineLength: 20 })
    expect(narrow).toContain('0    one two three\n     four five six\n')
  })
  it('puts a value that does not fit below its name, whole', () => {
    const long = {
      json: {},
      views: [
        fields([
          ['id', 'x'.repeat(30)],
          ['note', 'a b'],
          ['what', 'one two three four five']
        ])
      ]
    }
    expect(rendered(long, { form: 'terminal', colour: false, lineLength: 20 })).toBe(
      `  id\n    ${'x'.repeat(30)}\n  note  a b\n  what\n    one two three\n    four five\n`
    )
  })
  it('leaves columns out by rank where there is no room, and says so', () => {
    const head = ['id', { name: 'b', drop: 2 }, { name: 'c', drop: 1 }, { name: 'd', drop: 3 }]
    const shown = (lineLength: number) =>
      rendered(
        { json: {}, views: [table(head, [['idem_1', 'bbbbbb', 'cc', 'dddd']])] },
        { form: 'terminal', colour: false, lineLength }
      )
    expect(shown(24)).toBe('id      b       c   d\nidem_1  bbbbbb  cc  dddd\n')
    expect(shown(20)).toBe('id      b       d\nidem_1  bbbbbb  dddd\nleft out at 20\ncolumns: c\n')
    // of those that could go, one that is shorter stays in the place of one that counts more and has no room
    expect(shown(18)).toBe('id      c   d\nidem_1  cc  dddd\nleft out at 18\ncolumns: b\n')
    expect(shown(6)).toBe('id\nidem_1\nleft\nout at\n6\ncolumns:\nb, c,\nd\n')
  })
  it('shortens what is long by what one sees as characters, and never a number or a time', () => {
    const rows = [['e\u0301'.repeat(30), '漢字'.repeat(10), 1_767_225_600_000, { atMs: 0 }]]
    const shown = rendered(
      { json: {}, views: [table(['a', 'b', 'c', 'd'], rows)] },
      { form: 'terminal', colour: false, lineLength: 60 }
    )
    expect(shown).toMatch(/^.*\n(e\u0301)+… {2}(漢字?)+… +1767225600000 {2}1970-01-01T00:00:00.000Z\n$/u)
  })
  it('may be in columns even in a pipe', () => {
    expect(rendered({ json: {}, views: [table(['a', 'b'], [['long', 'x']], true)] }, plain)).toBe('a     b\nlong  x\n')
  })
  it('counts wide characters as two', () => {
    const wide = { json: {}, views: [table(['a', 'b'], [['漢字', 'x x x x x x x x x x x x x x x x x x']])] }
    expect(rendered(wide, { form: 'terminal', colour: false, lineLength: 31 })).toBe(
      'a     b\n漢字  x x x x x x x x x x x x x\n      x x x x x\n'
    )
  })
  it('has its tones as colours', () => {
    const tones = (['good', 'notice', 'bad', 'quiet'] as const).map((tone) => headline(tone, tone))
    expect(rendered({ json: {}, views: tones }, { form: 'terminal', colour: true })).toBe(
      '\u001b[32mgood\u001b[39m\n\u001b[33mnotice\u001b[39m\n\u001b[31mbad\u001b[39m\n\u001b[2mquiet\u001b[22m\n'
    )
  })
})

describe('progress', () => {
  const shown = (isTTY: boolean, env: { readonly [name: string]: string } = {}) => {
    const { output, text } = sink({ isTTY })
    const bar = progress({ stderr: output, env }, 'reading', 0, 'bytes')
    bar.at(2_500_000, 10_000_000)
    bar.stop()
    return text()
  }
  it('is shown on a terminal, and cleared at the end', () => {
    expect(shown(true)).toMatch(/reading \[.*\] 25% \| 2\.5 MB\/10\.0 MB/)
  })
  it('is not shown elsewhere', () => {
    expect(shown(false)).toBe('')
    expect(shown(true, { TERM: 'dumb' })).toBe('')
  })
})

describe('a table of many rows', () => {
  const terminal = { form: 'terminal', colour: false, lineLength: 40 } as const
  it('is written as its rows come, and holds few of them', () => {
    let made = 0
    function* rows() {
      for (; made < 100_000; made++) yield [`row ${made}`, 'x']
    }
    let written = 0
    for (const piece of renderedInPieces({ json: {}, views: [table(['a', 'b'], rows())] }, terminal)) {
      written += piece.length
      if (written > 100) break
    }
    expect(made).toBeLessThan(2000)
  })
  it('takes its widths from the first rows; a wider cell goes on beyond its column, and nothing is lost', () => {
    const rows = [...Array.from({ length: 1000 }, () => ['a', 'b']), ['longer', 'c']]
    const shown = rendered({ json: {}, views: [table(['x', 'y'], rows)] }, terminal)
    expect(shown).toMatch(/^x {2}y\na {2}b\n(a {2}b\n)*longer {2}c\n$/)
  })
  it('is as wide as a line can be, whatever one cell holds', () => {
    const rows = [['k'.repeat(4000), 'x'], ...Array.from({ length: 500 }, () => ['k', 'x'])]
    const shown = rendered({ json: {}, views: [table([], rows)] }, { form: 'terminal', colour: false })
    expect(shown.length).toBeLessThan(4000 + 500 * 100)
  })
  it('is one document as JSON, item by item', () => {
    const json = { none: [], items: new Set([1, { a: undefined, b: '\u2028' }]), left: undefined, found: 2 }
    const pieces = [...renderedInPieces({ json, views: [] }, { form: 'json', colour: false })]
    expect(pieces.join('')).toBe('{"none":[],"items":[1,{"b":"\\u2028"}],"found":2}\n')
    expect(pieces.length).toBeGreaterThan(6)
  })
})

describe('writing', () => {
  const never = new AbortController().signal
  it('goes on at the pace of whoever reads', async () => {
    let waiting = 0
    const slow = new Writable({
      highWaterMark: 1,
      write: (_chunk, _encoding, done) => {
        waiting++
        setImmediate(() => {
          waiting--
          done()
        })
      }
    })
    function* pieces() {
      for (let index = 0; index < 20; index++) {
        expect(waiting).toBe(0)
        yield 'x'.repeat(300_000)
      }
    }
    expect(await writeAll(slow, pieces(), never)).toBe(true)
  })
  it('stops on a signal, even where everything that is written is taken at once', async () => {
    const stop = new AbortController()
    function* endless() {
      for (;;) yield 'x'.repeat(300_000)
    }
    const taken = new Writable({ write: (_chunk, _encoding, done) => done() })
    setTimeout(() => stop.abort(), 1)
    expect(await writeAll(taken, endless(), stop.signal)).toBe(false)
  })
  it('ends where the reader goes without a word', async () => {
    const stuck = new Writable({ highWaterMark: 1, write: () => {} })
    const written = write(stuck, 'a')
    stuck.destroy()
    expect(await written).toBe(false)
  })
  it('says whether anybody reads', async () => {
    const { output, text } = sink()
    expect(await write(output, 'a')).toBe(true)
    output.destroy()
    expect(await write(output, 'b')).toBe(false)
    expect(text()).toBe('a')
  })
})
