import { quoted } from '../../../domain/text.ts'

/** How long a line of a complaint may be. What it quotes is short already; this is for texts of others. */
const maxChars = 1000

/** A text with its middle left out where it is too long: what it is about stands at its ends. */
export const shortened = (text: string): string =>
  text.length <= maxChars ? text : `${text.slice(0, maxChars / 2)} … ${text.slice(-maxChars / 2)}`.toWellFormed()

/** Shortens the arguments that a complaint about the command line quotes whole; redacted first, since a part would not be. */
export const quotingInShort = (
  argv: ReadonlyArray<string>,
  redact: (text: string) => string
): ((text: string) => string) => {
  const whole = argv.flatMap((argument) => [argument, argument.slice(argument.indexOf('=') + 1)])
  const long = whole.filter((argument) => quoted(argument) !== argument)
  return (text) => long.reduce((shown, argument) => shown.replaceAll(argument, () => quoted(redact(argument))), text)
}
