import { type Command, Option } from 'commander'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { invalidInput } from '../../../domain/failure.ts'
import type { Cli, Shared } from '../cli.ts'
import { workUntilKilled } from '../demo/crash.ts'
import { readExamples } from '../demo/examples.ts'
import { demoReport } from '../demo/report.ts'
import { runDemo } from '../demo/run-demo.ts'
import { shared } from '../options/shared.ts'
import { progress } from '../terminal/progress.ts'

type Options = Shared & { readonly file: string; readonly worker?: boolean }

/** As often as each delivery comes: first, again, tampered with, and under another id. */
const arrivals = 4

export const demoCommand = (cli: Cli, command: Command): void => {
  shared(command)
    .option('--file <file>', 'the SQLite file; it stays, and another run is answered from it', 'keyfold-demo.db')
    // the demo starts itself so, to have a worker that it can kill
    .addOption(new Option('--worker').hideHelp())
    .action(async () => {
      const options = command.optsWithGlobals<Options>()
      if (options.store !== undefined) {
        return cli.fail(invalidInput('the demo keeps its own SQLite file: use --file in place of --store'))
      }
      if (options.category !== undefined)
        return cli.fail(invalidInput('the demo has its own keys: leave --category out'))
      // whoever tries keyfold by npx has no driver: all but the killed worker can be shown without, unless a file is asked for
      const inMemory = command.getOptionValueSource('file') === 'default' && cli.deps.sqliteFault() !== undefined
      const file = inMemory ? undefined : options.file
      const store = file === undefined ? undefined : `sqlite:${file}`
      const examples = TE.fromEither(readExamples(cli.deps))
      if (options.worker) {
        return cli.run({ store: `sqlite:${options.file}` }, false, (ledger) =>
          pipe(
            examples,
            TE.flatMap((deliveries) => workUntilKilled(cli.deps, ledger, deliveries, cli.signal)),
            TE.asUnit
          )
        )
      }
      await cli.answer({ ...options, store: store ?? 'memory:' }, true, (ledger) =>
        pipe(
          examples,
          TE.flatMap((deliveries) => {
            const bar = progress(cli.deps, 'receiving webhooks', arrivals * deliveries.length)
            const demo = runDemo({ cli: cli.deps, ledger, file, signal: cli.signal, bar }, deliveries)
            return async () => demo().finally(bar.stop)
          }),
          TE.map((result) => demoReport(cli.deps, file, result))
        )
      )
    })
}
