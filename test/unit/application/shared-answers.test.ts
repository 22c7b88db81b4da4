import * as E from 'fp-ts/Either'
import { expect, it } from 'vitest'
import { memoryStore } from '../../../src/adapters/memory/event-store.ts'
import { createLedger } from '../../../src/index.ts'
import { asking, claimOf, done, keyOf } from '../../support/scripted-ledger.ts'

it('what a caller does with its answer is in nobody else’s answer, and in no snapshot', async () => {
  const store = memoryStore()
  const outcome = { ...done, details: { amount: 5 } }
  const first = createLedger({ store })
  const claim = claimOf(await first.reserve(asking()))
  await first.complete({ claim, outcome })
  const ledger = createLedger({ store })
  // in one batch: the repeated completion is answered on the read alone, and the duplicate is written upon it
  const [repeated] = await Promise.all([
    ledger.complete({ claim, outcome }).then((answer) => {
      const details = 'record' in answer ? answer.record?.outcome?.details : undefined
      E.tryCatch(() => Object.assign(details as object, { amount: 999 }), E.toError)
      return answer
    }),
    ledger.reserve(asking())
  ])
  expect(repeated).toMatchObject({ _tag: 'Completed', record: { outcome } })
  // until a snapshot was written
  for (let seen = 0; seen < 70; seen++) await ledger.reserve(asking())
  expect(await ledger.reserve(asking())).toMatchObject({ record: { outcome } })
  expect(await createLedger({ store }).get(keyOf())).toMatchObject({ outcome })
})
