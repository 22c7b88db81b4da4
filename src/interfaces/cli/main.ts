import { type Command, CommanderError } from 'commander'
import { catalogue, type Entry } from './catalogue.ts'
import type { Cli } from './cli.ts'
import type { CliDeps, Outside, Tools } from './deps.ts'
import { complaint, failing } from './errors/complaint.ts'
import { exit } from './errors/exit-codes.ts'
import { redactor } from './errors/redact.ts'
import { quotingInShort } from './errors/shortened.ts'
import { argumentFault } from './input/intact.ts'
import { namedCommand } from './options/named-command.ts'
import { shared } from './options/shared.ts'
import { settleTimes } from './options/time.ts'
import { Program } from './program.ts'
import { type Stop, stopOn } from './stop.ts'
import { printableMessage } from './terminal/printable.ts'

const redactorFor = (argv: ReadonlyArray<string>, { env }: Pick<Outside, 'env'>): ReturnType<typeof redactor> =>
  redactor([...argv, env['KEYFOLD_STORE'] ?? ''])

const createProgram = (argv: ReadonlyArray<string>, outside: Outside): Command => {
  const { version, stdout, stderr, now } = outside
  const redact = redactorFor(argv, outside)
  const inShort = quotingInShort(argv, redact)
  return (
    shared(new Program('keyfold'))
      .description('The idempotency-key ledger: has this request been seen before, and what came of it?')
      .version(version, '-v, --version')
      // what follows the name of a command is the command's: the value of an option may look like one of the program's
      .enablePositionalOptions()
      .hook('preAction', (_, command) => settleTimes(command, now()))
      .exitOverride()
      .configureOutput({
        writeOut: (text) => stdout.write(text),
        writeErr: (text) => stderr.write(redact(text).split('\n').map(printableMessage).join('\n')),
        // of its line ends that before a suggestion is the parser's own; any other is of an argument
        outputError: (text) => {
          const line = redact(inShort(text.trimEnd())).replace(/\n(?=\(Did you mean .*\?\)$)/, ' ')
          stderr.write(`${printableMessage(line)}\n`)
        }
      })
      .showHelpAfterError('what to do: keyfold --help lists the commands')
  )
}

/** Owns up to a defect, without a stack trace; gives its exit code. */
export const reportDefect = async (argv: ReadonlyArray<string>, outside: Outside, cause: unknown): Promise<number> => {
  const message = cause instanceof Error ? cause.message : String(cause)
  await complaint(outside, redactorFor(argv, outside))(
    `unexpected: ${message}`,
    'please report this; it is a defect of keyfold'
  )
  return exit.unexpected
}

/** Adds the commands to a program; of those that are wanted whole the options too, and what they do. */
const addCommands = async (program: Command, isWhole: (entry: Entry) => boolean, cli: Cli | undefined) => {
  for (const entry of catalogue) {
    const { name, args, about, load } = entry
    const whole = cli !== undefined && isWhole(entry)
    const command = program
      .command(whole ? name : `${name} ${args}`.trimEnd())
      .description(about)
      .showHelpAfterError(`what to do: keyfold ${name} --help shows its options`)
    // what all commands share is in the help of each, whether the rest is loaded or not
    if (whole) (await load())(cli, command)
    else shared(command)
  }
  return program
}

/** Where a command is named, what it works with; help and complaints about the command line do without. */
const cliFor = async (
  argv: ReadonlyArray<string>,
  outside: Outside,
  tools: () => Promise<Tools>,
  { signal }: Stop,
  setExitCode: (code: number) => void
): Promise<Cli> => {
  const [{ createCli }, loaded] = await Promise.all([import('./cli.ts'), tools()])
  const deps: CliDeps = { ...outside, ...loaded }
  const redact = redactorFor(argv, outside)
  const fail = failing(outside, signal, redact, setExitCode)
  const whole = (): Promise<Command> => addCommands(createProgram(argv, outside), () => true, cli)
  const cli: Cli = createCli(whole, deps, signal, { redact, fail, setExitCode })
  return cli
}

/** Runs one command line; gives the exit code. Throws nothing, prints no stack traces. */
export const runCli = async (
  argv: ReadonlyArray<string>,
  outside: Outside,
  tools: () => Promise<Tools>
): Promise<number> => {
  const stop = stopOn(outside)
  let code: number = exit.answered
  const setExitCode = (other: number): void => {
    code = other
  }
  try {
    const fault = argumentFault(argv)
    if (fault !== undefined) {
      await failing(outside, stop.signal, redactorFor(argv, outside), setExitCode)(fault)
    } else {
      const named = namedCommand(argv)
      const isNamed = ({ name }: Entry): boolean => name === named
      const cli = catalogue.some(isNamed) ? await cliFor(argv, outside, tools, stop, setExitCode) : undefined
      const program = await addCommands(createProgram(argv, outside), isNamed, cli)
      // alone, for `help` would show the help of all in place of a complaint about a name that is none
      const known = named === undefined || catalogue.some(isNamed)
      await program.parseAsync(known ? argv : [named], { from: 'user' })
    }
    return stop.code() ?? code
  } catch (cause) {
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? exit.answered : exit.usage
    return stop.code() ?? (await reportDefect(argv, outside, cause))
  } finally {
    stop.release()
  }
}
