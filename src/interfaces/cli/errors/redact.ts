/** More of a text than this is not shown to anybody. */
const longest = 64 * 1024

/** Of what was given, so many addresses are looked at, and of one so many `@` tried as the end of its password. */
const maxEnds = 16

/** Whether what follows a `://` up to a blank is nothing but hosts, with or without ports. */
const isHosts = (word: string): boolean => {
  const [authority = ''] = word.split(/[/?#]/, 1)
  return authority.split(',').every((host) => /^(?:\[.*\]|[^:]*)(?::\d{1,5})?['"`).;…]*$/.test(host))
}

const endOfLine = (text: string, start: number): number => {
  const end = text.indexOf('\n', start)
  return end === -1 ? text.length : end
}

/**
 * Where user and password end in an address whose `://` ends at `start`; `start` itself where there are none. They go
 * on to the last `@` before a blank. Where there is none the password has a blank in it, or its end was cut off.
 */
const userEnd = (text: string, start: number): number => {
  const line = text.slice(start, endOfLine(text, start))
  const word = line.slice(0, line.search(/\s|$/))
  if (word.includes('@')) return start + word.lastIndexOf('@')
  if (isHosts(word)) return start
  const at = line.indexOf('@')
  if (at === -1) return word.endsWith(':') ? start : start + word.length
  const rest = line.slice(at)
  return start + at + rest.slice(0, rest.search(/\s|$/)).lastIndexOf('@')
}

/** Takes user and password out of every address. */
const withoutUsers = (text: string): string => {
  const shown: Array<string> = []
  let done = 0
  for (let found = text.indexOf('://'); found !== -1; found = text.indexOf('://', Math.max(done, found + 3))) {
    const start = found + 3
    const end = userEnd(text, start)
    if (end === start) continue
    shown.push(text.slice(done, start), '…')
    done = end
  }
  return shown.join('') + text.slice(done)
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The ways in which a text may be quoted: as it is, as it is meant, within an address, and within JSON. */
const waysToQuote = (text: string): ReadonlyArray<string> =>
  [text, decoded(text)].flatMap((one) => {
    const wellFormed = one.toWellFormed()
    return [one, encodeURIComponent(wellFormed), encodeURI(wellFormed), JSON.stringify(one).slice(1, -1)]
  })

/** The password in `user:password`, in every way in which it may be quoted. */
const passwordIn = (user: string): ReadonlyArray<string> =>
  user.includes(':') ? waysToQuote(user.slice(user.indexOf(':') + 1)) : []

/**
 * What may be a password in what was given whole. To know that of one address, its end has not to be known; where there
 * are several, each has its own before the last `@` of its part.
 */
const passwordsIn = (given: string): ReadonlyArray<string> => {
  const [, ...parts] = given.slice(0, longest).split('://')
  const address = parts.join('://')
  const ends = [...address.matchAll(/@/g)].map(({ index }) => index)
  return [
    ...[...ends.slice(0, maxEnds), ...ends.slice(-1)].map((end) => address.slice(0, end)),
    ...parts.slice(0, maxEnds).map((part) => part.slice(0, Math.max(0, part.lastIndexOf('@'))))
  ].flatMap(passwordIn)
}

/** Takes a password out: a short one only where it stands alone, since it may be a part of any word. */
const without = (password: string): ((text: string) => string) => {
  if (password.length >= 4) return (text) => text.replaceAll(password, '…')
  const literal = password.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
  const alone = new RegExp(`(?<!\\w)${literal}(?!\\w)`, 'g')
  return (text) => text.replace(alone, '…')
}

/**
 * Takes passwords out of what is about to be shown: those of any address in it, and wherever they turn up those of the
 * addresses that were given. Whatever an error quotes, it ends up in somebody's log. Only the beginning of a text that
 * is very long is looked at and shown.
 */
export const redactor = (given: ReadonlyArray<string>): ((text: string) => string) => {
  const passwords = [...new Set(given.flatMap(passwordsIn))]
    .filter((password) => password !== '')
    // the longest first: one may be a part of another
    .sort((a, b) => b.length - a.length)
    .map(without)
  return (text) => {
    const beginning = text.length > longest ? `${text.slice(0, longest)}…` : text
    return withoutUsers(passwords.reduce((shown, remove) => remove(shown), beginning))
  }
}
