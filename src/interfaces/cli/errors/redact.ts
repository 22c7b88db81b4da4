/** Where an address begins behind its scheme. */
const afterScheme = /[a-z0-9+.-]:\/\//i

/** What a coder makes of a text, or the text where it makes nothing of it. */
const coded = (coder: (text: string) => string, text: string): string => {
  try {
    return coder(text)
  } catch {
    return text
  }
}

/** Every form in which a library may show a password: as it is written, as it is meant, and encoded for a URL. */
const formsOf = (password: string): ReadonlyArray<string> => {
  const meant = coded(decodeURIComponent, password)
  return [password, meant, coded(encodeURIComponent, password), coded(encodeURIComponent, meant)]
}

/** The password before the last `@`, which may hold anything: blanks, colons, `@`, and what looks like a scheme. */
const passwordIn = (address: string): ReadonlyArray<string> => {
  const user = address.slice(0, Math.max(address.lastIndexOf('@'), 0))
  const password = user.slice(user.indexOf(':') + 1)
  return password === user ? [] : formsOf(password)
}

/** The passwords in a text: that of one address, and those of each where there are several. */
const passwordsIn = (text: string): ReadonlyArray<string> => {
  const [, ...addresses] = text.split('://')
  return [addresses.join('://'), ...addresses].flatMap(passwordIn)
}

/** A password as it is looked for: a short one only where it stands alone, since it may be a part of any word. */
const sought = (password: string): RegExp => {
  const literal = password.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
  return new RegExp(password.length < 4 ? `(?<!\\w)${literal}(?!\\w)` : literal, 'g')
}

/** Leaves out what stands between the first scheme and the last `@`: more than a password, rather than less. */
const withoutUser = (text: string): string => {
  const scheme = text.search(afterScheme)
  const at = text.lastIndexOf('@')
  const start = scheme + 'x://'.length
  return scheme === -1 || at < start ? text : `${text.slice(0, start)}…${text.slice(at)}`
}

/**
 * Takes passwords out of what is about to be shown: those of any address in it, and wherever they turn up those of the
 * addresses that were given. Whatever an error quotes, it ends up in somebody's log.
 */
export const redactor = (given: ReadonlyArray<string>): ((text: string) => string) => {
  const passwords = [...new Set(given.flatMap(passwordsIn))]
    .filter((password) => password !== '')
    // a short one may be a part of a longer one, the rest of which would stay
    .toSorted((a, b) => b.length - a.length)
    .map(sought)
  return (text) => withoutUser(passwords.reduce((shown, password) => shown.replace(password, '…'), text))
}
