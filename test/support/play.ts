import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import * as E from 'fp-ts/Either'
import { cliTools } from '../../src/composition/cli-tools.ts'
import { createLedger } from '../../src/composition/ledger.ts'
import type { EventStore } from '../../src/index.ts'
import { answerLine } from './answer-line.ts'
import { conformanceFolder, type Line } from './conformance.ts'

/** A store that refuses to write while it is told to, as a full disk would. */
const failing = (store: EventStore, isFailing: () => boolean): EventStore => ({
  ...store,
  append: (append) => async () =>
    isFailing()
      ? E.left({ _tag: 'NotWritten', error: { _tag: 'StoreFull', message: 'injected write failure' } })
      : store.append(append)()
})

/** An answer of reserve carries a claim, `takeover`, and how the key is held beyond what the predecessor gave. */
export const asThere = (answer: unknown): unknown => {
  const {
    claim: _,
    takeover: __,
    epoch: ___,
    lease_expires_at_ms: ____,
    error,
    ...rest
  } = JSON.parse(JSON.stringify(answer))
  return error === undefined ? rest : { error: error.message }
}

type HowPlayed = {
  /** The commands as they were written. */
  readonly lines?: ReadonlyArray<string>
  /** Where its keys are, in a store that others use too. */
  readonly category?: string
}

/**
 * Plays a scenario line by line, each as the text that `batch` reads. `open` opens the one store of the scenario;
 * `restart` opens it again.
 */
export const play = async (
  commands: ReadonlyArray<Line>,
  open: () => Promise<EventStore>,
  { lines = commands.map((command) => JSON.stringify(command)), category }: HowPlayed = {}
): Promise<ReadonlyArray<unknown>> => {
  let writesFail = false
  let store = failing(await open(), () => writesFail)
  let ledger = createLedger({ store, category })
  const count = async (): Promise<unknown> => ({ count: (await ledger.list()).length })
  const load = async (file: string): Promise<unknown> => {
    const read = await cliTools.readRecords(createReadStream(resolve(conformanceFolder, file)), {
      onProgress: () => {}
    })()
    if (E.isLeft(read)) return { error: read.left.message }
    const imported = await ledger.taskEither.importRecords(read.right, { source: 'conformance' })()
    return E.isLeft(imported) ? { error: imported.left.message } : count()
  }
  const answers: Array<unknown> = []
  for (const [index, command] of commands.entries()) {
    switch (command.op) {
      case 'restart':
        await ledger.dispose()
        await store.dispose()
        store = failing(await open(), () => writesFail)
        ledger = createLedger({ store, category })
        answers.push(await count())
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
      case 'load':
        answers.push(await load(command.path ?? ''))
        break
      default:
        answers.push(asThere(await answerLine(cliTools, ledger.taskEither)(Buffer.from(lines[index] ?? ''))))
    }
  }
  await ledger.dispose()
  await store.dispose()
  return answers
}
