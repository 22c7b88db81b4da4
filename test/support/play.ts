import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import * as E from 'fp-ts/Either'
import { cliTools } from '../../src/composition/cli.ts'
import { createLedger } from '../../src/composition/ledger.ts'
import type { EventStore } from '../../src/index.ts'
import { answerLine } from '../../src/interfaces/cli/batch/run-batch.ts'

export type Line = {
  readonly op: string
  readonly path?: string
  readonly on?: boolean
  readonly [name: string]: unknown
}
export type Scenario = {
  readonly name: string
  readonly commands: ReadonlyArray<Line>
  readonly expected: ReadonlyArray<unknown>
  readonly needs?: ReadonlyArray<string>
  readonly differs?: string
}

const folder = resolve(import.meta.dirname, '../conformance')

export const conformance = (file: string): string => readFileSync(resolve(folder, file), 'utf8')

/** A store that refuses to write while it is told to, as a full disk would. */
const failing = (store: EventStore, isFailing: () => boolean): EventStore => ({
  ...store,
  append: (append) => async () =>
    isFailing()
      ? E.left({ _tag: 'NotWritten', error: { _tag: 'StoreFull', message: 'injected write failure' } })
      : store.append(append)()
})

/**
 * Plays a scenario line by line, each as the text that `batch` reads. `open` opens the one store of the scenario;
 * `restart` opens it again. An answer of reserve carries a claim and `takeover` beyond what the predecessor gave.
 */
export const play = async (
  commands: ReadonlyArray<Line>,
  open: () => Promise<EventStore>,
  lines: ReadonlyArray<string> = commands.map((command) => JSON.stringify(command))
): Promise<ReadonlyArray<unknown>> => {
  let writesFail = false
  let store = failing(await open(), () => writesFail)
  let ledger = createLedger({ store })
  const records = async (): Promise<ReadonlyArray<unknown>> =>
    (await ledger.list()).map((record) => cliTools.toFileRecord(record))
  const answers: Array<unknown> = []
  for (const [index, command] of commands.entries()) {
    switch (command.op) {
      case 'restart':
        await ledger.dispose()
        await store.dispose()
        store = failing(await open(), () => writesFail)
        ledger = createLedger({ store })
        answers.push({ count: (await records()).length })
        break
      case 'fail_writes':
        writesFail = command.on === true
        answers.push({ ok: true })
        break
      case 'dump':
        answers.push({
          records: Object.fromEntries((await ledger.list()).map((r) => [r.recordId, cliTools.toFileRecord(r)]))
        })
        break
      case 'load': {
        const loaded = cliTools.readRecords(readFileSync(resolve(folder, command.path ?? '')))
        if (E.isLeft(loaded)) answers.push({ error: loaded.left.message })
        else {
          await ledger.importRecords(loaded.right, { source: 'conformance' })
          answers.push({ count: (await records()).length })
        }
        break
      }
      default: {
        const line = Buffer.from(lines[index] ?? '')
        const answer = JSON.parse(JSON.stringify(await answerLine(cliTools, ledger.taskEither)(line)))
        const { claim: _, takeover: __, error, ...rest } = answer
        answers.push(error === undefined ? rest : { error: error.message })
      }
    }
  }
  await ledger.dispose()
  await store.dispose()
  return answers
}
