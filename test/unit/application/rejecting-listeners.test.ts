import { describe, expect, it } from 'vitest'
import { createLedger, KeyfoldError, readPredecessorFile } from '../../../src/index.ts'
import { openMemoryStore } from '../../../src/memory.ts'
import { forbidUnhandledRejections } from '../../support/eventstoredb.ts'
import { importable } from '../../support/importable.ts'
import { asking } from '../../support/scripted-ledger.ts'

forbidUnhandledRejections()

const mine = new Error('the listener itself')

/** As one that writes somewhere, and cannot. */
const listener = async (): Promise<void> => {
  throw mine
}

const withKeys = async (count: number) => {
  const ledger = createLedger({ store: await openMemoryStore() })
  for (let n = 0; n < count; n++) await ledger.reserve(asking({ key: `${n}` }))
  return ledger
}

const chunks = (count: number) => Array.from({ length: count }, () => Buffer.from(' '))

const goesOn = 'an import, which goes on all the same'

/** What it comes to where it is told more than once, and where it is told once. */
const works: { readonly [name: string]: (often: boolean) => Promise<unknown> } = {
  'verify is ended': async (often) => (await withKeys(often ? 2500 : 1)).verify({ onProgress: listener }),
  'what-if is ended': async (often) => (await withKeys(often ? 2500 : 1)).whatIf({ lease: 1, onProgress: listener }),
  // half an import would be everybody's affair
  [goesOn]: async (often) => {
    const records = Array.from({ length: often ? 500 : 1 }, (_, n) => importable(`${n}`))
    return (await withKeys(0)).importRecords(records, { source: 'older.json', onProgress: listener })
  },
  'the reading of a file is ended': (often) =>
    readPredecessorFile([...chunks(often ? 3 : 0), Buffer.from('{}')], { onProgress: listener })
}

describe('a listener that rejects ends no process', () => {
  it.each(Object.entries(works))('but %s', async (name, work) => {
    const ended = await work(true).then(
      () => 'over',
      (cause: unknown) => cause
    )
    if (name === goesOn) expect(ended).toBe('over')
    else {
      expect(ended).toBeInstanceOf(KeyfoldError)
      expect(ended).toMatchObject({ tag: 'Aborted', failure: { cause: mine } })
    }
    // told once, it may be over before it is heard of
    await work(false).catch(() => undefined)
  })
})
