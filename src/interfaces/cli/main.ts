import { Command } from 'commander'
import { fileCommands } from './commands/files.ts'
import { keyCommands } from './commands/keys.ts'
import { demoCommand } from './demo/command.ts'
import type { Tools } from './tools.ts'

/** Runs the command line. Sets the exit code, and leaves the ending to Node. */
export const main = async (tools: Tools, argv: ReadonlyArray<string>): Promise<void> => {
  // a reader that has seen enough is no error of ours
  process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EPIPE') process.exit(0)
    throw cause
  })
  const program = new Command('keyfold')
    .description('The idempotency-key ledger: each key is a stream, nothing is ever overwritten.')
    .option('--store <url>', 'sqlite:FILE or memory:', 'sqlite:keyfold.db')
    .option('--json', 'print JSON')
    .showHelpAfterError()
  keyCommands(program, tools)
  fileCommands(program, tools)
  demoCommand(program, tools)
  await program.parseAsync(argv)
}
