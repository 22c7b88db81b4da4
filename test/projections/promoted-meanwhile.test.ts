import { describe, expect, it } from 'vitest'
import type { ViewStore } from '../../src/application/ports/view-store.ts'
import { createProjections, openMemoryViews, type Projection, type Projections } from '../../src/projections.ts'
import { keys, reserveKeys, world } from './set-up.ts'
import { countsOfKeys } from './three-projections.ts'

/** Cannot take completions in. */
const fragile: Projection<{ readonly [type: string]: number }> = {
  ...countsOfKeys,
  evolve: (counts, entry) => {
    if (entry.type === 'Completed') throw new Error('no completions, please')
    return countsOfKeys.evolve(counts, entry)
  }
}
const { name } = fragile

/** Two keys, of which one waits; after one call of a kind another build takes the place of the live one before it answers. */
const replaced = async (after: 'generations' | 'checkpoints' | 'parked') => {
  const views = await openMemoryViews()
  const { store, ledger, projections } = await world({ views })
  const [, recordId = ''] = await reserveKeys(ledger, ...keys(2))
  await projections.rebuild(fragile, { poison: 'park' })
  let replacements = 0
  const meanwhile =
    <Args extends ReadonlyArray<unknown>, A>(ask: (...args: Args) => () => Promise<A>) =>
    (...args: Args) =>
    async () => {
      const answer = await ask(...args)()
      if (replacements++ === 0) await projections.rebuild(fragile, { poison: 'park', partitions: 2 })
      return answer
    }
  const replacing: ViewStore = {
    ...views,
    ...(after === 'generations' && { generations: meanwhile(views.generations) }),
    ...(after === 'checkpoints' && { checkpoints: meanwhile(views.checkpoints) }),
    ...(after === 'parked' && { parked: meanwhile(views.parked) })
  }
  const asking = createProjections({ store, views: replacing })
  return { asking, recordId, replacements: () => replacements }
}

const by = { actor: 'me', reason: 'why' }
const asks: ReadonlyArray<readonly [string, (asked: Projections, recordId: string) => Promise<unknown>, unknown]> = [
  ['waitUntil', (asked) => asked.waitUntil(name, 'end', { withinMs: 0 }), true],
  ['health', (asked) => asked.health(name), expect.objectContaining({ parkedKeys: 1, waitingEvents: 1 })],
  ['parked', async (asked) => (await asked.parked(name)).length, 1],
  ['retry', (asked, recordId) => asked.retry(fragile, { recordId, ...by }), expect.objectContaining({ taken: 0 })],
  ['skip', (asked, recordId) => asked.skip(fragile, { recordId, ...by }), { taken: 0, parked: undefined }],
  ['verify', (asked) => asked.verify(fragile), expect.objectContaining({ rows: 2, parked: 1, difference: undefined })],
  ['get', (asked, recordId) => asked.view(fragile).get(recordId), { Reserved: 1 }],
  ['page', async (asked) => (await asked.view(fragile).page()).rows.length, 2],
  ['walk', (asked) => asked.view(fragile).walk(() => true), expect.objectContaining({ events: 3, parkedKeys: 1 })],
  ['checkpoints', async (asked) => (await asked.view(fragile).checkpoints()).length > 0, true]
]

describe.each(['generations', 'checkpoints', 'parked'] as const)(
  'a build that is replaced after %s were asked',
  (after) => {
    it.each(asks)('goes unnoticed by whoever asks: %s', async (_, ask, wanted) => {
      const { asking, recordId } = await replaced(after)
      expect(await ask(asking, recordId)).toEqual(wanted)
    })
  }
)
