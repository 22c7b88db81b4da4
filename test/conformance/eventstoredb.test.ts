import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { END, EventStoreDBClient } from '@eventstore/db-client'
import { beforeAll, describe, expect, it } from 'vitest'
import type { EventStore } from '../../src/application/ports/event-store.ts'
import { openEventStoreDbStore } from '../../src/eventstoredb.ts'
import { startStandIn } from '../../src/testing/eventstoredb.ts'
import {
  answersFor,
  comparable,
  conformance,
  conformanceFolder,
  normalization,
  scenarios,
  traces
} from '../support/conformance.ts'
import { apart, forbidUnhandledRejections, freshCategory, realServer } from '../support/eventstoredb.ts'
import { play } from '../support/play.ts'

forbidUnhandledRejections()

type File = {
  readonly file: string
  readonly note: string
  readonly tags: ReadonlyArray<string>
  readonly result: { readonly count?: number; readonly error?: string }
  readonly records?: object
  readonly differs?: string
}

const { cases: everyFile }: { readonly cases: ReadonlyArray<File> } = JSON.parse(conformance('files.json'))
const files = everyFile.filter(({ file }) => existsSync(resolve(conformanceFolder, file)))

const cases = [...scenarios, ...normalization]

let client: EventStoreDBClient
let url = realServer ?? ''

/** One server, and one client, for all. */
beforeAll(async () => {
  const server = realServer === undefined ? await startStandIn() : undefined
  url = server?.url ?? url
  client = EventStoreDBClient.connectionString(url)
  return async () => {
    await client.dispose()
    await server?.stop()
  }
})

const headOf = async (): Promise<string> => {
  let head = 'start'
  // to its end: a read that is left early keeps the client from being disposed of
  for await (const { event } of client.readAll({ direction: 'backwards', fromPosition: END, maxCount: 1 })) {
    if (event?.position) head = `${event.position.commit}/${event.position.prepare}`
  }
  return head
}

/** A ledger of its own on the server that all share: nothing of it lies before where the log ends now. */
const emptyStore = async (): Promise<() => Promise<EventStore>> => {
  const mark = `${freshCategory()}.`
  const head = await headOf()
  return async () => {
    const store = apart(await openEventStoreDbStore({ client }), mark)
    return {
      ...store,
      readAll: (after, prefix, count) => store.readAll(after === 'start' ? head : after, prefix, count)
    }
  }
}

describe(`eventstoredb (${realServer === undefined ? 'stand-in' : 'real server'}) answers like the predecessor`, () => {
  for (const scenario of cases) {
    it(scenario.name, async () => {
      const answers = await play(scenario.commands, await emptyStore(), { lines: scenario.lines })
      expect(comparable(answers, scenario)).toEqual(answersFor(scenario))
    })
  }
  for (const { id, commands, expected, final } of traces) {
    it(`trace ${id}`, async () => {
      const answers = await play([...commands, { op: 'dump' }], await emptyStore())
      expect(answers).toEqual([...expected, { records: final }])
    })
  }
  for (const { file, note, tags, result, records = {}, differs } of files) {
    it(`${file}: ${note}`, async () => {
      const [loaded, dumped] = await play([{ op: 'load', path: file }, { op: 'dump' }], await emptyStore())
      const isTaken = typeof loaded === 'object' && loaded !== null && 'count' in loaded
      // refused is refused whole
      if (!isTaken) expect(dumped).toEqual({ records: {} })
      if (differs !== undefined || tags.length > 0) return
      expect(isTaken).toBe(result.error === undefined)
      if (isTaken) expect([loaded, dumped]).toEqual([result, { records }])
    })
  }
})

it('plays them all', () => {
  expect([cases.length, traces.length, files.length]).toEqual([147, 60, 95])
})
