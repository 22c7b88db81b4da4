import { Command, CommanderError } from 'commander'
import { type Cli, complaint, createCli } from './cli.ts'
import { asOfCommand } from './commands/as-of.ts'
import { batchCommand } from './commands/batch.ts'
import { completeCommand } from './commands/complete.ts'
import { completeByOperatorCommand } from './commands/complete-by-operator.ts'
import { conflictsCommand } from './commands/conflicts.ts'
import { demoCommand } from './commands/demo.ts'
import { diffCommand } from './commands/diff.ts'
import { expireByOperatorCommand } from './commands/expire-by-operator.ts'
import { explainCommand } from './commands/explain.ts'
import { exportCommand } from './commands/export.ts'
import { getCommand } from './commands/get.ts'
import { historyCommand } from './commands/history.ts'
import { importCommand } from './commands/import.ts'
import { inDoubtCommand } from './commands/in-doubt.ts'
import { listCommand } from './commands/list.ts'
import { projectionsCommand } from './commands/projections.ts'
import { rebuildCommand } from './commands/rebuild.ts'
import { recoveryPointCommand } from './commands/recovery-point.ts'
import { releaseCommand } from './commands/release.ts'
import { renewCommand } from './commands/renew.ts'
import { reserveCommand } from './commands/reserve.ts'
import { statsCommand } from './commands/stats.ts'
import { stuckCommand } from './commands/stuck.ts'
import { sweepCommand } from './commands/sweep.ts'
import { tailCommand } from './commands/tail.ts'
import { verifyCommand } from './commands/verify.ts'
import { whatIfCommand } from './commands/what-if.ts'
import type { CliDeps } from './deps.ts'
import { exit } from './errors/exit-codes.ts'
import { redactor } from './errors/redact.ts'
import { quotingInShort } from './errors/shortened.ts'
import { argumentFault } from './input/intact.ts'
import { shared } from './options/shared.ts'
import { stopOn } from './stop.ts'
import { printableMessage } from './terminal/printable.ts'

const commands: ReadonlyArray<(cli: Cli) => void> = [
  reserveCommand,
  completeCommand,
  releaseCommand,
  renewCommand,
  recoveryPointCommand,
  inDoubtCommand,
  getCommand,
  historyCommand,
  asOfCommand,
  diffCommand,
  explainCommand,
  listCommand,
  stuckCommand,
  conflictsCommand,
  statsCommand,
  sweepCommand,
  whatIfCommand,
  verifyCommand,
  importCommand,
  exportCommand,
  expireByOperatorCommand,
  completeByOperatorCommand,
  projectionsCommand,
  rebuildCommand,
  tailCommand,
  batchCommand,
  demoCommand
]

const redactorFor = (argv: ReadonlyArray<string>, { env }: CliDeps): ReturnType<typeof redactor> =>
  redactor([...argv, env['KEYFOLD_STORE'] ?? ''])

const createProgram = (argv: ReadonlyArray<string>, deps: CliDeps): Command => {
  const { version, stdout, stderr } = deps
  const redact = redactorFor(argv, deps)
  const inShort = quotingInShort(argv, redact)
  return shared(new Command('keyfold'))
    .description('The idempotency-key ledger: has this request been seen before, and what came of it?')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(redact(text).split('\n').map(printableMessage).join('\n')),
      outputError: (text, writeTo) => writeTo(`${redact(inShort(text.trimEnd()))}\n`)
    })
    .showHelpAfterError('what to do: keyfold --help lists the commands, keyfold COMMAND --help its options')
}

/** Owns up to a defect, without a stack trace; gives its exit code. */
export const reportDefect = async (argv: ReadonlyArray<string>, deps: CliDeps, cause: unknown): Promise<number> => {
  const message = cause instanceof Error ? cause.message : String(cause)
  await complaint(deps, redactorFor(argv, deps))(
    `unexpected: ${message}`,
    'please report this; it is a defect of keyfold'
  )
  return exit.unexpected
}

/** Runs one command line; gives the exit code. Throws nothing, prints no stack traces. */
export const runCli = async (argv: ReadonlyArray<string>, deps: CliDeps): Promise<number> => {
  const stop = stopOn(deps)
  let code: number = exit.answered
  const program = createProgram(argv, deps)
  const cli = createCli(program, deps, stop.signal, redactorFor(argv, deps), (other) => {
    code = other
  })
  for (const add of commands) add(cli)
  try {
    const fault = argumentFault(argv)
    if (fault !== undefined) await cli.fail(fault)
    else await program.parseAsync(argv, { from: 'user' })
    return stop.code() ?? code
  } catch (cause) {
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? exit.answered : exit.usage
    return stop.code() ?? (await reportDefect(argv, deps, cause))
  } finally {
    stop.release()
  }
}
