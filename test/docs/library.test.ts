import * as keyfold from 'keyfold'
import * as eventstoredb from 'keyfold/eventstoredb'
import * as memory from 'keyfold/memory'
import { openMemoryStore } from 'keyfold/memory'
import * as opentelemetry from 'keyfold/opentelemetry'
import * as projections from 'keyfold/projections'
import * as sqlite from 'keyfold/sqlite'
import * as testing from 'keyfold/testing'
import * as standIn from 'keyfold/testing/eventstoredb'
import { describe, expect, it } from 'vitest'
import { read } from '../support/documents.ts'

const page = read('docs/reference/library.md')
const named = new Set([...page.matchAll(/`(\w+)(?:\([^`]*)?`/g)].map(([, name = '']) => name))

describe('the reference of the library', () => {
  it('names everything that can be imported', () => {
    const entries = [keyfold, memory, sqlite, eventstoredb, opentelemetry, projections, testing, standIn]
    const values = entries.flatMap((entry) => Object.keys(entry))
    expect(values.filter((name) => !named.has(name))).toEqual([])
  })
  it('names every use case of the ledger', async () => {
    const { taskEither } = keyfold.createLedger({ store: await openMemoryStore() })
    expect(Object.keys(taskEither).filter((name) => !named.has(name))).toEqual([])
  })
})
