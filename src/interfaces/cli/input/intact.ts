import { type Failure, invalidInput } from '../../../domain/failure.ts'

/** What Node puts in the place of bytes that are not UTF-8. */
const replacement = '\ufffd'

/**
 * Refuses text from outside the program that was not UTF-8 when Node decoded it: different bytes have become the same
 * text, and two keys one key. Whoever means U+FFFD itself says it in JSON.
 */
export const notIntact = (text: string, what: string): Failure | undefined =>
  text.includes(replacement)
    ? invalidInput(`${what} is not UTF-8, or holds U+FFFD, which stands for what was not; batch takes any text`)
    : undefined

const option = /^--[a-z-]+/

/** The first argument that is not intact, by the name of its option: the value may be a key or a claim. */
export const argumentFault = (argv: ReadonlyArray<string>): Failure | undefined => {
  for (const [index, argument] of argv.entries()) {
    const [name] = option.exec(argument) ?? option.exec(argv[index - 1] ?? '') ?? []
    const fault = notIntact(argument, name ?? 'an argument')
    if (fault !== undefined) return fault
  }
  return undefined
}
