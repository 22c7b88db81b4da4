import { Command, type Option, type OptionValues, type ParseOptionsResult } from 'commander'

declare module 'commander' {
  interface Command {
    // the base's own, which its types leave out
    unknownOption(flag: string): void
    emit(event: string): boolean
  }
}

/** A command that tells all options that it lacks at once, and marks those that it must have in its help. */
export class Program extends Command {
  #unknown: string | undefined

  constructor(name?: string) {
    super(name)
    this.configureHelp({ optionDescription: described })
  }

  override createCommand(name?: string): Program {
    return new Program(name)
  }

  /** Remembers the first option that is none: it may be one that is lacking, misspelt. */
  override parseOptions(argv: Array<string>): ParseOptionsResult {
    const parsed = super.parseOptions(argv)
    this.#unknown = parsed.unknown[0]
    return parsed
  }

  /** What stands after the name of a command counts more than what stands before it. */
  override optsWithGlobals<T extends OptionValues>(): T {
    return Object.assign({}, this.parent?.opts(), this.opts<T>())
  }

  /** Called by the base with a word whose option is none: of that the name is told, for the value may be a key. */
  override unknownOption(word: string): void {
    // one that only the program has, which is that for its version: as good after the name of a command
    const ofProgram = this.parent?.options.find(({ short, long }) => word === short || word === long)
    if (ofProgram !== undefined) this.parent?.emit(`option:${ofProgram.name()}`)
    const [name = word] = word.split('=', 1)
    super.unknownOption(name)
  }

  /** Called by the base with the first option that is lacking, before it looks for those that are none. */
  missingMandatoryOptionValue(_first: Option): void {
    if (this.#unknown !== undefined) this.unknownOption(this.#unknown)
    const lacking = this.options.filter(
      (option) => option.mandatory && this.getOptionValue(option.attributeName()) === undefined
    )
    const [plural, are] = lacking.length === 1 ? ['', 'is'] : ['s', 'are']
    this.error(`error: required option${plural} ${are} missing: ${lacking.map(({ flags }) => flags).join(', ')}`, {
      code: 'commander.missingMandatoryOptionValue'
    })
  }

  /** Called by the base with all that came where arguments are taken. */
  _excessArguments(received: ReadonlyArray<string>): never {
    const [most, more] = [this.registeredArguments.length, received.slice(this.registeredArguments.length)]
    const taken = most === 0 ? 'none' : `${most} at most`
    return this.error(`error: too many arguments for '${this.name()}': it takes ${taken}, got also ${more.join(' ')}`, {
      code: 'commander.excessArguments'
    })
  }
}

const plain = new Command().createHelp()

/** As it is described anyway, and that it must be there. */
const described = (option: Option): string =>
  `${plain.optionDescription(option)}${option.mandatory ? ' (required)' : ''}`
