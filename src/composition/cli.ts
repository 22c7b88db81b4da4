import { createRequire } from 'node:module'
import process from 'node:process'
import type { Outside } from '../interfaces/cli/deps.ts'
import { reportDefect, runCli } from '../interfaces/cli/main.ts'
import { identitySecretIn } from '../interfaces/cli/options/identity-secret.ts'

const version = (): string => {
  const { version: own }: { readonly version: string } = createRequire(import.meta.url)('../../package.json')
  return own
}

/** Runs `keyfold` in this process; gives its exit code. */
export const main = (argv: ReadonlyArray<string>): Promise<number> => {
  const outside: Outside = {
    version: version(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    now: Date.now,
    self: { file: process.execPath, args: process.argv.slice(1, 2) }
  }
  // what nobody caught is told as any defect is: a stack trace could quote an address with its password
  process.once('uncaughtException', (cause) => void reportDefect(argv, outside, cause).then(process.exit))
  return runCli(argv, outside, async () => (await import('./cli-tools.ts')).toolsWith(identitySecretIn(process.env)))
}
