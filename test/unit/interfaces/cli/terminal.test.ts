import { describe, expect, it } from 'vitest'
import { printable } from '../../../../src/interfaces/cli/terminal/printable.ts'
import { progress } from '../../../../src/interfaces/cli/terminal/progress.ts'
import { type Mode, modeFor, rendered as renderedInPieces } from '../../../../src/interfaces/cli/terminal/render.ts'
import { fields, headline, type Report, table } from '../../../../src/interfaces/cli/terminal/view.ts'
import { write } from '../../../../src/interfaces/cli/terminal/write.ts'
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
  it('leaves wrapping to the terminal where it is too narrow for columns', () => {
    const narrow = rendered(report, { form: 'terminal', colour: false, lineLength: 20 })
    expect(narrow).toContain('0    one two three four five six seven eight nine ten eleven twelve\n')
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

describe('writing', () => {
  it('says whether anybody reads', async () => {
    const { output, text } = sink()
    expect(await write(output, 'a')).toBe(true)
    output.destroy()
    expect(await write(output, 'b')).toBe(false)
    expect(text()).toBe('a')
  })
})
