import { expect, it } from 'vitest'
import { read } from '../support/documents.ts'
import { seenGlobally } from '../support/telemetry.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import { start } from './snippets/build-your-own-read-model.ts'
import { openLedger } from './snippets/see-it-in-opentelemetry.ts'
import { tellOfViews } from './snippets/tell-of-views.ts'

it('the how-to’s ledger tells the SDK that the process uses', async () => {
  const seen = seenGlobally()
  const { ledger, close } = await openLedger(temporaryFile('payments.db'))
  const answer = await ledger.reserve({
    tenant: { orgId: 'acme', workspaceId: 'shop' },
    operation: 'payment.charge',
    key: 'order-1',
    owner: 'me',
    requestFingerprint: 'amount=10',
    lease: 30_000
  })
  expect(answer._tag).toBe('Reserved')
  await close()
  expect(seen.spansOf('keyfold reserve')).toHaveLength(1)
  expect(seen.spansOf('keyfold store append')[0]?.attributes).toMatchObject({ 'keyfold.store.kind': 'sqlite' })
  expect((await seen.pointsOf('keyfold.answers')).map(({ attributes }) => attributes)).toEqual([
    { 'keyfold.use_case': 'reserve', 'keyfold.operation': 'payment.charge', 'keyfold.answer': 'Reserved' }
  ])
})

it('an SDK that is started after the ledger was made is told, too', async () => {
  const { ledger, close } = await openLedger(temporaryFile('payments.db'))
  await ledger.list()
  const seen = seenGlobally()
  await ledger.list()
  await close()
  expect(seen.spansOf('keyfold list')).toHaveLength(1)
  expect(await seen.pointsOf('keyfold.answers')).toHaveLength(1)
})

it('the how-to’s views are told of, too', async () => {
  const seen = seenGlobally()
  const { projections, upToDate, stop } = await start(temporaryFile('store.db'), temporaryFile('views.db'))
  const observed = tellOfViews(projections)
  await upToDate()
  const points = await seen.pointsOf('keyfold.projection.lag.duration')
  expect(points.map(({ value, attributes }) => [value, attributes['keyfold.projection.partition']])).toEqual(
    [0, 1, 2, 3].map((partition) => [0, partition])
  )
  await observed.dispose()
  await stop()
})

it('the how-to looks at names that the reference has', () => {
  const named = (page: string) => new Set(read(page).match(/`(?:keyfold\.[a-z_.]+|error\.type)`/g))
  const known = named('docs/reference/telemetry.md')
  const used = [...named('docs/how-to/see-it-in-opentelemetry.md')]
  expect(used.length).toBeGreaterThan(10)
  expect(used.filter((name) => !known.has(name))).toEqual([])
})
