import { Command, type Option } from 'commander'

/** A command that tells all options that it lacks at once, and marks those that it must have in its help. */
export class Program extends Command {
  constructor(name?: string) {
    super(name)
    this.configureHelp({ optionDescription: described })
  }

  override createCommand(name?: string): Program {
    return new Program(name)
  }

  /** Called by the base with the first option that is lacking. */
  missingMandatoryOptionValue(_first: Option): never {
    const lacking = this.options.filter(
      (option) => option.mandatory && this.getOptionValue(option.attributeName()) === undefined
    )
    const [plural, are] = lacking.length === 1 ? ['', 'is'] : ['s', 'are']
    return this.error(
      `error: required option${plural} ${are} missing: ${lacking.map(({ flags }) => flags).join(', ')}`,
      {
        code: 'commander.missingMandatoryOptionValue'
      }
    )
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
