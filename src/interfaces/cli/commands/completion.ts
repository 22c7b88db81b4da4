import { Argument, type Command } from 'commander'
import type { Cli } from '../cli.ts'
import { bashScript } from '../completion/bash.ts'
import { fishScript } from '../completion/fish.ts'
import { type Words, wordsOf } from '../completion/words.ts'
import { zshScript } from '../completion/zsh.ts'
import { shared } from '../options/shared.ts'
import { write } from '../terminal/write.ts'

const scripts: { readonly [shell: string]: (words: Words) => string } = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript
}

export const completionCommand = (cli: Cli, command: Command): void => {
  shared(command)
    .addArgument(new Argument('<shell>', 'for which shell').choices(Object.keys(scripts)))
    .action(async (shell: string) => {
      const script = scripts[shell] ?? bashScript
      await write(cli.deps.stdout, script(wordsOf(await cli.program())))
    })
}
