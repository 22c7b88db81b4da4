import { describe, expect, it } from 'vitest'
import { redactor } from '../../../../src/interfaces/cli/errors/redact.ts'

/** Passwords as people write them into an address, URL-encoded or not. */
const passwords = [
  'two words',
  ' leading and trailing ',
  'tab\tand\nline',
  'p@ss',
  'p@@ss@',
  'a:b:c',
  '://slashes//',
  'x://y@z',
  'quo"te\'s`',
  'per%20cent%',
  'p%C3%A9%2F%40',
  'p%zz',
  'que?ry&more=#hash',
  '$(rm) \\ back',
  'пароль',
  '😀 emoji',
  '[brackets]',
  'regex.*(+?)^$|'
]
const hosts = ['db.example:2113', '[::1]:2113', '[2001:db8::1]', 'a:1,b:2,c:3?tls=true', '10.0.0.1']
const schemes = ['esdb', 'esdb+discover', 'kurrentdb', 'kdb', 'https']

/** What an error may make of an address: as it is, in quotes, in the middle of a sentence, or the password alone. */
const quotations = (address: string, password: string): ReadonlyArray<string> => [
  address,
  `cannot reach ${address}`,
  `"${address}" is not valid`,
  `no node of '${address}' answered, see the log`,
  `user admin, password ${password} refused`,
  `two: ${address} and ${address}`
]

describe('a password with odd characters', () => {
  for (const password of passwords) {
    it(`is not shown, whatever quotes it: ${JSON.stringify(password)}`, () => {
      for (const scheme of schemes) {
        for (const host of hosts) {
          const address = `${scheme}://admin:${password}@${host}`
          for (const given of [[address], ['list', `--store=${address}`], ['', address]]) {
            const redact = redactor(given)
            for (const said of quotations(address, password)) {
              const shown = redact(said)
              expect(shown).toContain('…')
              expect(shown).not.toContain(password.trim())
            }
          }
        }
      }
    })
    it(`is not shown where it stands encoded or decoded: ${JSON.stringify(password)}`, () => {
      const redact = redactor([`esdb://admin:${password}@db:2113`])
      const encoded = redactor([`esdb://admin:${encodeURIComponent(password)}@db:2113`])
      for (const form of [password, encodeURIComponent(password)]) {
        expect(redact(`login with ${form} failed`)).not.toContain(form)
        expect(encoded(`login with ${form} failed`)).not.toContain(form)
      }
    })
    // of an address that nobody gave no more than its line is looked at
    if (password.includes('\n')) continue
    it(`is not shown of an address that was not given: ${JSON.stringify(password)}`, () => {
      const shown = redactor([])(`cannot reach esdb://admin:${password}@db.example:2113, giving up`)
      expect(shown).not.toContain(password.trim())
      expect(shown).toContain('…@db.example:2113, giving up')
    })
  }

  it('is not shown where several addresses are given at once', () => {
    const redact = redactor(['esdb://a:first secret@h1 esdb://b:second@h2', 'kdb://c:third one@[::1]:2113'])
    const shown = redact(
      'tried first secret, second and third one at esdb://a:first secret@h1, kdb://c:third one@[::1]'
    )
    for (const secret of ['first secret', 'second', 'third one']) expect(shown).not.toContain(secret)
  })
  it('is told from what is none: hosts, ports, mail, and files stay', () => {
    const redact = redactor(['esdb://db.example:2113?tls=true', 'sqlite:a@b.db', 'memory:'])
    for (const said of [
      'cannot reach db.example:2113',
      'cannot reach esdb://db.example:2113?tls=true',
      'mail me@example.com, sqlite:a@b.db',
      'idem_00 at revision 5: me@example.com'
    ]) {
      expect(redact(said)).toBe(said)
    }
  })
})
