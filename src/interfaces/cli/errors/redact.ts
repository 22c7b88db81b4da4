const address = /\b([a-z][a-z0-9+.-]*:\/\/)(\S*)@/gi

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The passwords in the addresses that a text holds, as they are written there and as they are meant. */
const passwordsIn = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(address)].flatMap(([, , user = '']) => {
    const password = user.slice(user.indexOf(':') + 1)
    return password === user ? [] : [password, decoded(password)]
  })

/** A password as it is looked for: a short one only where it stands alone, since it may be a part of any word. */
const sought = (password: string): RegExp => {
  const literal = password.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
  return new RegExp(password.length < 4 ? `(?<!\\w)${literal}(?!\\w)` : literal, 'g')
}

/**
 * Takes passwords out of what is about to be shown: those of any address in it, and wherever they turn up those of the
 * addresses that were given. Whatever an error quotes, it ends up in somebody's log.
 */
export const redactor = (given: ReadonlyArray<string>): ((text: string) => string) => {
  const passwords = given
    .flatMap(passwordsIn)
    .filter((password) => password !== '')
    .map(sought)
  return (text) =>
    passwords
      .reduce((shown, password) => shown.replace(password, '…'), text)
      .replace(address, (_, scheme: string) => `${scheme}…@`)
}
