import { given } from 'keyfold/testing'
import { expect, it } from 'vitest'
import { connect } from '../../src/adapters/sqlite/connection.ts'
import * as ex from '../arbitraries/examples.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import { charges, start } from './snippets/build-your-own-read-model.ts'
import { startInline } from './snippets/keep-a-view-inline.ts'

it('the how-to’s read model is tested by example', () => {
  const { owner } = ex.reserved().data
  given([ex.reserved()])
    .project(charges)
    .thenRow(owner, { completed: 0, asked: 1 })
    .thenView({ [owner]: { completed: 0, asked: 1 } })
  expect(() => given([ex.reserved()]).project(charges).thenView({})).toThrow()
})

it('the how-to’s read model runs, answers and is there by SQL', async () => {
  const file = temporaryFile('views.db')
  const { ledger, projections, ask, upToDate, stop } = await start(temporaryFile('store.db'), file)
  const tenant = { orgId: 'acme', workspaceId: 'shop' }
  for (const key of ['1', '2', '3']) {
    const answer = await ledger.reserve({
      ...{ tenant, operation: 'charge', key, owner: 'ada', requestFingerprint: 'f' },
      lease: 60_000
    })
    if (answer._tag !== 'Reserved') throw new Error(answer._tag)
    if (key !== '3') {
      await ledger.complete({ claim: answer.claim, outcome: { outcomeKind: 'charged', primaryRefId: 'ada' } })
    }
  }
  expect(await upToDate()).toBe(true)
  expect(await ask.chargesOf('ada')).toEqual({ completed: 2, asked: 3, last: 'charged' })
  expect(await ask.chargesOf('bob')).toEqual({ completed: 0, asked: 0 })
  expect(await projections.verify(charges)).toMatchObject({ events: 5, difference: undefined })
  await stop()
  const connection = connect(file)
  expect(connection.prepare('SELECT row, sum(completed) FROM charges GROUP BY row').rows([])).toEqual([['ada', 2]])
  connection.close()
})

it('the how-to’s read model is kept inline: what was answered is there', async () => {
  const { ledger, projections, ask, stop } = await startInline(temporaryFile('store.db'))
  const tenant = { orgId: 'acme', workspaceId: 'shop' }
  for (const asked of [1, 2, 3]) {
    const request = { tenant, operation: 'charge', key: `${asked}`, owner: 'ada', requestFingerprint: 'f' }
    await ledger.reserve({ ...request, lease: 60_000 })
    expect(await ask.chargesOf('ada')).toEqual({ completed: 0, asked })
  }
  expect(await projections.verify(charges)).toMatchObject({ events: 3, difference: undefined })
  await stop()
})
