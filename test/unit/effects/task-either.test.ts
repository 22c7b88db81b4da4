import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'
import * as t from 'io-ts'
import { describe, expect, it, vi } from 'vitest'
import { onceTaskEither } from '../../../src/composition/once.ts'
import { onceAllTaskEither } from '../../../src/composition/once-all.ts'
import { leaseMs, onceWorld } from '../../support/once-world.ts'
import { asking, keyOf } from '../../support/scripted-ledger.ts'
import { notWritten } from '../../support/scripted-store.ts'

const rules = { owner: 'me', lease: leaseMs, onLeft: 'ambiguous' as const }
const options = { ...keyOf(), ...rules, requestFingerprint: 'fp' }

describe('onceTaskEither', () => {
  it('runs a task, and each run of what it gives is a request of its own', async () => {
    const { ledger } = onceWorld()
    const task = vi.fn(() => TE.right(7))
    const pay = onceTaskEither(ledger.taskEither, options)(task)
    expect(await pay()).toMatchObject(E.right({ _tag: 'Ran', value: 7 }))
    expect(await pay()).toMatchObject(E.right({ _tag: 'Replayed', value: 7 }))
    expect(task).toHaveBeenCalledTimes(1)
  })
  it('classifies what the task gives as a Left, by its own type', async () => {
    const { ledger } = onceWorld()
    type Declined = { readonly code: number }
    const onLeft = ({ code }: Declined) => ({ definitive: { code } })
    const pay = onceTaskEither(ledger.taskEither, { ...options, onLeft })(() => TE.left<Declined>({ code: 402 }))
    expect(await pay()).toMatchObject(E.right({ _tag: 'Failed', failure: { code: 402 }, error: { code: 402 } }))
  })
  it('leaves in doubt what a task did that rejects, whatever a Left means', async () => {
    const { ledger } = onceWorld()
    const broken = onceTaskEither(ledger.taskEither, { ...options, onLeft: 'transient' })(
      () => () => Promise.reject(new Error('a bug'))
    )
    expect(await broken()).toMatchObject(E.right({ _tag: 'InDoubt', error: new Error('a bug') }))
  })
  it('asks recover in its own style; a Left of it is not knowing', async () => {
    const { ledger, rival, time } = onceWorld()
    const orphan = async (key: string) => {
      await rival.reserve(asking({ key, lease: 1 }))
      time.pass(1)
      return { ...options, ...keyOf(key), result: t.number }
    }
    const found = await orphan('a')
    const task = () => TE.right(1)
    expect(
      await onceTaskEither(ledger.taskEither, { ...found, recover: () => TE.right({ outcome: 2 }) })(task)()
    ).toMatchObject(E.right({ _tag: 'Replayed', value: 2 }))
    const lost = await orphan('b')
    expect(await onceTaskEither(ledger.taskEither, { ...lost, recover: () => TE.left('away') })(task)()).toMatchObject(
      E.right({ _tag: 'InDoubt', error: 'away' })
    )
  })
  it('gives failures before the task as a Left', async () => {
    const { ledger, store } = onceWorld()
    store.onAppend(notWritten({ _tag: 'StoreFull', message: 'no room' }))
    expect(await onceTaskEither(ledger.taskEither, options)(() => TE.right(1))()).toMatchObject(
      E.left({ _tag: 'StoreFull' })
    )
  })
  it('gives a result that cannot be read as a Left', async () => {
    const { ledger } = onceWorld()
    await onceTaskEither(ledger.taskEither, options)(() => TE.right('text'))()
    expect(
      await onceTaskEither(ledger.taskEither, { ...options, result: t.number })(() => TE.right(1))()
    ).toMatchObject(E.left({ _tag: 'ResultUnreadable' }))
  })
  it('gives nonsense as a Left, and never throws', async () => {
    const { ledger } = onceWorld()
    const invalid = E.left({ _tag: 'InvalidInput' })
    expect(await onceTaskEither(ledger.taskEither, null as never)(() => TE.right(1))()).toMatchObject(invalid)
    expect(await onceAllTaskEither(ledger.taskEither, null as never)(() => TE.right(1))()).toMatchObject(invalid)
  })
  it('names its own options', async () => {
    const { ledger } = onceWorld()
    const bad = { ...options, onLeft: 'sometimes' as never }
    const failed = { path: '$.onLeft', message: expect.stringMatching(/^\$\.onLeft must be .*, got 'sometimes'$/) }
    expect(await onceTaskEither(ledger.taskEither, bad)(() => TE.right(1))()).toMatchObject(E.left(failed))
    const all = onceAllTaskEither(ledger.taskEither, { ...bad, keys: [options] })
    expect(await all(() => TE.right(1))()).toMatchObject(E.left(failed))
  })
  it('has a twin for several keys', async () => {
    const { ledger } = onceWorld()
    const keys = ['a', 'b'].map((key) => ({ ...keyOf(key), requestFingerprint: 'fp' }))
    const handle = onceAllTaskEither(ledger.taskEither, { ...rules, keys })(() => TE.right('handled'))
    expect(await handle()).toMatchObject(E.right({ _tag: 'Ran', value: 'handled' }))
    expect(await handle()).toMatchObject(E.right({ _tag: 'Replayed', value: 'handled' }))
  })
})
