import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'
import { expect, it } from 'vitest'
import { createLedger, decodeRecorded } from '../../src/index.ts'
import { createProjections, openSqliteViews, type Projection } from '../../src/projections.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { temporaryFile } from '../support/temporary-file.ts'

/** Events of each owner by type, one row each; `bad` is poison until it is skipped. */
const byOwner: Projection<{ readonly [type: string]: number }> = {
  name: 'by_owner',
  version: 1,
  initialState: {},
  rowOf: ({ type, data }) => (type === 'Reserved' ? data.owner : type),
  evolve: (counts, { type, data }) => {
    if (type === 'Reserved' && data.key === 'bad') throw new Error('poison')
    return { ...counts, [type]: (counts[type] ?? 0) + 1 }
  },
  merge: (a, b) => ({ ...a, ...Object.fromEntries(Object.entries(b).map(([type, n]) => [type, (a[type] ?? 0) + n])) })
}

const steps = fc.array(
  fc.record({
    key: fc.constantFrom('a', 'b', 'c', 'bad'),
    owner: fc.constantFrom('ann', 'bob'),
    what: fc.constantFrom('reserve', 'complete', 'release'),
    /** Whether it is written by who keeps the view, or by who knows nothing of it. */
    inline: fc.boolean()
  }),
  { maxLength: 25 }
)

const rowsOf = async (view: ReturnType<ReturnType<typeof createProjections>['view']>) =>
  (await view.page({ limit: 1000 })).rows

it('an inline view is what a run makes of the same log, and what the pure fold is, whoever wrote it', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 1, max: 4 }), async (script, partitions) => {
      const file = temporaryFile('store.db')
      const plain = await openSqliteStore({ file, synchronous: 'NORMAL' })
      const inFile = await openSqliteViews({ file })
      const there = createProjections({ store: plain, views: inFile })
      await there.rebuild(byOwner, { partitions, poison: 'park' })
      const keeping = await openSqliteStore({ file, synchronous: 'NORMAL', inline: [byOwner] })
      const [ours, theirs] = [createLedger({ store: keeping }), createLedger({ store: plain })]
      const tenant = { orgId: 'o', workspaceId: 'w' }
      for (const { key, owner, what, inline } of script) {
        const ledger = inline ? ours : theirs
        const named = { tenant, operation: 'op', key }
        if (what === 'reserve') await ledger.reserve({ ...named, owner, requestFingerprint: 'f', lease: 'none' })
        else if (what === 'complete')
          await ledger.completeByKey({ ...named, outcome: { outcomeKind: 'x' } }).catch(() => {})
        else await ledger.expireByOperator({ ...named, actor: 'op', note: 'why' }).catch(() => {})
      }
      await ours.reserve({ tenant, operation: 'op', key: 'last', owner: 'ann', requestFingerprint: 'f', lease: 'none' })

      const outside = await openSqliteViews({ file: temporaryFile('views.db') })
      const elsewhere = createProjections({ store: plain, views: outside })
      await elsewhere.rebuild(byOwner, { partitions, poison: 'park' })
      const inlineRows = await rowsOf(there.view(byOwner))
      expect(inlineRows).toEqual(await rowsOf(elsewhere.view(byOwner)))
      const waiting = async (projections: typeof there) =>
        (await projections.parked('by_owner')).map(({ recordId, waiting: n, revision }) => [recordId, n, revision])
      expect(await waiting(there)).toEqual(await waiting(elsewhere))
      expect(await there.verify(byOwner)).toMatchObject({ difference: undefined })

      const page = await plain.readAll('start', 'idempotency-idem_', 1000)()
      if (E.isLeft(page)) throw new Error(page.left.message)
      const events = page.right.events.flatMap((recorded) => {
        const entry = decodeRecorded(recorded)
        return E.isRight(entry) ? [entry.right] : []
      })
      const poisoned = new Set(
        events.flatMap((entry) => (entry.type === 'Reserved' && entry.data.key === 'bad' ? [entry.stream] : []))
      )
      const expected = new Map<string, { readonly [type: string]: number }>()
      for (const entry of events) {
        const row = byOwner.rowOf?.(entry)
        if (row === undefined || poisoned.has(entry.stream)) continue
        const next = byOwner.evolve(expected.get(row) ?? {}, entry)
        if (next !== undefined) expected.set(row, next)
      }
      expect(Object.fromEntries(inlineRows.map(({ row, state }) => [row, state]))).toEqual(Object.fromEntries(expected))

      for (const one of [there, elsewhere, ours, theirs]) await one.dispose()
      for (const one of [inFile, outside, keeping, plain]) await one.dispose()
    }),
    { numRuns: 12 }
  )
}, 300_000)
