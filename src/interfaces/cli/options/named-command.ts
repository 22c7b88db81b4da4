import { Command } from 'commander'
import { shared } from './shared.ts'

/**
 * The name of the command that is asked for, where there is one: the first argument that is neither an option that all
 * commands share nor the value of one; after `help` the next.
 */
export const namedCommand = (argv: ReadonlyArray<string>): string | undefined => {
  const silent = { writeOut: () => {}, writeErr: () => {} }
  const probe = shared(new Command()).passThroughOptions().exitOverride().configureOutput(silent)
  try {
    const [first, second] = probe.parseOptions([...argv]).operands
    return first === 'help' ? second : first
  } catch {
    // an option without its value: the program itself will say so
    return undefined
  }
}
