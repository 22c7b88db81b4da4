import { describe, expect, it } from 'vitest'
import { redactor } from '../../../../src/interfaces/cli/errors/redact.ts'

describe('an address that nobody gave', () => {
  const redact = redactor([])
  for (const [text, shown] of [
    ['cannot reach esdb://admin:my pass word@db:2113 now', 'cannot reach esdb://…@db:2113 now'],
    ['esdb://admin: leading@db', 'esdb://…@db'],
    ['esdb://admin:pa/ss w?rd@db:1', 'esdb://…@db:1'],
    ['a://u:p w@h and b://c:d@e', 'a://…@h and b://…@e'],
    ['one\nesdb://u:p w@h\ntwo a@b', 'one\nesdb://…@h\ntwo a@b'],
    ['whose end was cut off: esdb://admin:secret…', 'whose end was cut off: esdb://…'],
    ['whose end was cut off: esdb://admin:se cret', 'whose end was cut off: esdb://… cret']
  ] as const) {
    it(`loses its password: ${JSON.stringify(shown)}`, () => {
      expect(redact(text)).toBe(shown)
    })
  }
  for (const text of [
    'esdb://localhost:2113 failed: ask admin@example.org',
    'esdb+discover://a:2113,b:2114?tls=true, says me@here',
    '"esdb://db:2113".',
    'https://[::1]:2113/x y@z',
    'see https://example.org/a:b c@d',
    'esdb://db: nothing there'
  ]) {
    it(`without a password stays as it is: ${text}`, () => {
      expect(redact(text)).toBe(text)
    })
  }
})

describe('a password that was given', () => {
  it('is taken out however it is quoted', () => {
    const redact = redactor(['--store=esdb://admin:p@s s"x/y@host:2113?a=b'])
    for (const quoted of ['p@s s"x/y', 'p%40s%20s%22x%2Fy', 'p@s%20s%22x/y', 'p@s s\\"x/y']) {
      expect(redact(`login with <${quoted}> failed`)).toBe('login with <…> failed')
    }
  })
  it('is taken out whole where another is its beginning', () => {
    expect(redactor(['a://u:secret@h', 'a://u:secretly@h'])('said secretly')).toBe('said …')
  })
})

describe('a text of any length', () => {
  it('is cut where nobody reads on, and no password is cut with it', () => {
    const shown = redactor([])(`esdb://admin:${'secret'.repeat(100_000)}@host`)
    expect(shown).toBe('esdb://…')
  })
})
