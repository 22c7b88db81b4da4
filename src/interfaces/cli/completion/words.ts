import type { Command, Option } from 'commander'

/** What may follow an option or stand as an argument: one of some words, a file, or what nobody can guess. */
export type Value = { readonly choices: ReadonlyArray<string> } | 'file' | 'any'

export type OptionWords = {
  readonly names: ReadonlyArray<string>
  readonly about: string
  /** What follows it; nothing where it is a flag. */
  readonly value: Value | undefined
}

export type CommandWords = {
  readonly name: string
  readonly about: string
  readonly options: ReadonlyArray<OptionWords>
  /** What its first argument may be. */
  readonly argument: Value | undefined
}

/** What a shell can complete: the commands with their options, and what stands before them. */
export type Words = { readonly options: ReadonlyArray<OptionWords>; readonly commands: ReadonlyArray<CommandWords> }

/** What stands for a file in the help, by the word in angle brackets. */
const following = (choices: ReadonlyArray<string> | undefined, placeholder: string): Value => {
  if (choices !== undefined) return { choices }
  return placeholder === 'file' ? 'file' : 'any'
}

const optionWords = (option: Option): OptionWords => ({
  names: [option.short, option.long].flatMap((name) => (name === undefined || name === null ? [] : [name])),
  about: option.description,
  value: option.required ? following(option.argChoices, /<([^>]*)>/.exec(option.flags)?.[1] ?? '') : undefined
})

const optionsOf = (command: Command): ReadonlyArray<OptionWords> =>
  command.createHelp().visibleOptions(command).map(optionWords)

/** The words of a command line, taken from its parser. */
export const wordsOf = (program: Command): Words => ({
  options: optionsOf(program),
  commands: program
    .createHelp()
    .visibleCommands(program)
    .map((command) => {
      const [argument] = command.registeredArguments
      return {
        name: command.name(),
        about: command.description(),
        options: optionsOf(command),
        argument: argument && following(argument.argChoices, argument.name())
      }
    })
})
