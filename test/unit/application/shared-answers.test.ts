import * as E from 'fp-ts/Either'
import { expect, it } from 'vitest'
import { memoryStore } from '../../../src/adapters/memory/event-store.ts'
import { type FailureTag, failure } from '../../../src/domain/failure.ts'
import type { IdempotencyRecord } from '../../../src/domain/record.ts'
import { createLedger } from '../../../src/index.ts'
import { asking, claimOf, done, keyOf, scriptedLedger } from '../../support/scripted-ledger.ts'
import { type AppendStep, notWritten, works } from '../../support/scripted-store.ts'

const outcome = { ...done, details: { amount: 5 } }

/** What a caller may try to do with its answer. */
const spoil = <A extends object>(answer: A): A => {
  const details = 'record' in answer ? (answer.record as IdempotencyRecord).outcome?.details : undefined
  E.tryCatch(() => Object.assign(details as object, { amount: 999 }), E.toError)
  return answer
}

it('what a caller does with its answer is in nobody else’s answer, and in no snapshot', async () => {
  const store = memoryStore()
  const first = createLedger({ store })
  const claim = claimOf(await first.reserve(asking()))
  await first.complete({ claim, outcome })
  const ledger = createLedger({ store })
  // in one batch: the repeated completion is answered on the read alone, and the duplicate is written upon it
  const [repeated] = await Promise.all([ledger.complete({ claim, outcome }).then(spoil), ledger.reserve(asking())])
  expect(repeated).toMatchObject({ _tag: 'Completed', record: { outcome } })
  // until a snapshot was written
  for (let seen = 0; seen < 70; seen++) await ledger.reserve(asking())
  expect(await ledger.reserve(asking())).toMatchObject({ record: { outcome } })
  expect(await createLedger({ store }).get(keyOf())).toMatchObject({ outcome })
})

it('what one who waited does with its answer is in nobody else’s', async () => {
  const { ledger, rival } = scriptedLedger()
  const claim = claimOf(await rival.reserve(asking({ lease: 'none' })))
  const waiting = [1, 2, 3].map(() => ledger.awaitOutcome(keyOf()).then(spoil))
  await rival.complete({ claim, outcome })
  for (const answer of await Promise.all(waiting))
    expect(answer).toMatchObject({ _tag: 'Completed', record: { outcome } })
})

it.each<readonly [FailureTag, AppendStep]>([
  ['StoreBusy', notWritten(failure('StoreBusy', 'busy'))],
  // the store never answers: what the stream shows is read beside it
  ['AppendUnknown', () => new Promise<never>(() => undefined)]
])('what a caller does with an answer that could not be recorded is in nobody else’s: %s', async (unrecorded, step) => {
  const { ledger, rival, store } = scriptedLedger({ deadlineMs: 1000 })
  await rival.complete({ claim: claimOf(await rival.reserve(asking())), outcome })
  store.onAppend(works, step)
  const answers = await Promise.all([1, 2, 3].map(() => ledger.reserve(asking()).then(spoil)))
  for (const answer of answers) expect(answer).toMatchObject({ _tag: 'Duplicate', unrecorded, record: { outcome } })
})
