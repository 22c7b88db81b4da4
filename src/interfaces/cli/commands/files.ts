import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Writable } from 'node:stream'
import { SingleBar } from 'cli-progress'
import type { Command } from 'commander'
import * as E from 'fp-ts/Either'
import { failure } from '../../../domain/failure.ts'
import { batchAnswerer } from '../batch.ts'
import { json } from '../output.ts'
import { globalsOf, onLedger, printed } from '../run.ts'
import type { Tools } from '../tools.ts'
import { duration } from './keys.ts'

const write = async (to: Writable, text: string): Promise<void> => {
  if (!to.write(text)) await once(to, 'drain')
}

/** The commands that move many records, or many commands, at once. */
export const fileCommands = (program: Command, tools: Tools): void => {
  program
    .command('import <file>')
    .description('bring in the records of the predecessor’s JSON file, all or none')
    .option('--lease <length>', 'an end for the records in flight', duration)
    .action(async (file: string, values: { lease?: number | 'none' }, command: Command) => {
      const globals = globalsOf(command)
      await onLedger(tools, globals.store, async (ledger) => {
        const bytes = await readFile(file).catch((cause: unknown) => cause)
        if (!(bytes instanceof Uint8Array))
          return E.left(failure('ImportRefused', `${file} cannot be read`, { cause: bytes }))
        const records = tools.readRecords(bytes)
        if (E.isLeft(records)) return records
        const bar = new SingleBar({
          format: '{bar} {percentage}% {value}/{total}',
          clearOnComplete: true,
          noTTYOutput: false
        })
        if (process.stderr.isTTY) bar.start(records.right.length * 2, 0)
        const result = await ledger.importRecords(records.right, {
          source: 'predecessor-file',
          leaseMs: values.lease === 'none' ? undefined : values.lease,
          onProgress: ({ checked, written }) => bar.update(checked + written)
        })()
        bar.stop()
        return printed(result, ({ imported, skipped }) =>
          globals.json ? json({ imported, skipped }) : `imported ${imported}, skipped ${skipped}\n`
        )
      })
    })
  program
    .command('export [file]')
    .description('write every record as the predecessor’s JSON file; to stdout without a file')
    .action(async (file: string | undefined, _: unknown, command: Command) => {
      await onLedger(tools, globalsOf(command).store, async (ledger) => {
        const records = await ledger.list()()
        if (E.isLeft(records)) return records
        const to = file === undefined ? process.stdout : createWriteStream(file)
        for (const piece of tools.writeRecords(records.right)) await write(to, piece)
        await write(to, '\n')
        if (file !== undefined) {
          to.end()
          await once(to, 'finish')
        }
        return E.right(undefined)
      })
    })
  program
    .command('batch')
    .description('answer newline-delimited JSON commands from stdin on stdout, in order')
    .action(async (_: unknown, command: Command) => {
      await onLedger(tools, globalsOf(command).store, async (ledger) => {
        const answer = batchAnswerer(tools, ledger)
        for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
          if (line.trim() !== '') await write(process.stdout, `${await answer(line)}\n`)
        }
        return E.right(undefined)
      })
    })
}
