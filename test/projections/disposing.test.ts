import { describe, expect, it } from 'vitest'
import { keys, reserveKeys, world } from './set-up.ts'
import { countsOfKeys } from './three-projections.ts'

/** A view, and projections that are disposed of while some work on it has told of itself for the first time. */
const disposedAmid = async (begin: (tell: () => void, made: Awaited<ReturnType<typeof world>>) => Promise<unknown>) => {
  const made = await world()
  await reserveKeys(made.ledger, ...keys(20))
  await made.projections.rebuild(countsOfKeys)
  const before = await made.views.generations()()
  let isOver = false
  let outcome: Promise<unknown> | undefined
  await new Promise<void>((resolve) => {
    outcome = begin(resolve, made)
      .catch((cause: unknown) => cause)
      .finally(() => {
        isOver = true
      })
  })
  await made.projections.dispose()
  return { ...made, before, isOver, outcome: await outcome }
}

describe('projections that are disposed of', () => {
  it('give up a rebuild, and have waited for its end', async () => {
    const { isOver, outcome, before, views } = await disposedAmid((tell, { projections }) =>
      projections.rebuild(countsOfKeys, { batchSize: 1, onProgress: tell })
    )
    expect(isOver).toBe(true)
    expect(outcome).toMatchObject({ tag: 'Aborted' })
    expect(await views.generations()()).toEqual(before)
  })
  it('give up a verification, and have waited for its end', async () => {
    const slow = { ...countsOfKeys, evolve: (counts: object) => counts }
    const { isOver, outcome } = await disposedAmid(async (tell, { projections, ledger }) => {
      await reserveKeys(ledger, ...Array.from({ length: 1500 }, (_, n) => `more ${n}`))
      await projections.rebuild(slow)
      return projections.verify(slow, { onProgress: tell })
    })
    expect(isOver).toBe(true)
    expect(outcome).toMatchObject({ tag: 'Aborted' })
  })
  it('begin nothing new, and can still be read', async () => {
    const { projections, ledger } = await world()
    const [row = ''] = await reserveKeys(ledger, ...keys(1))
    await projections.rebuild(countsOfKeys)
    await projections.dispose()
    await projections.dispose()
    const over = { tag: 'StoreUnavailable', message: 'the projections are disposed of' }
    await expect(projections.run(countsOfKeys).ended()).rejects.toMatchObject(over)
    await projections.run(countsOfKeys).stop()
    await expect(projections.rebuild(countsOfKeys)).rejects.toMatchObject(over)
    await expect(projections.verify(countsOfKeys)).rejects.toMatchObject(over)
    expect(await projections.view(countsOfKeys).get(row)).toEqual({ Reserved: 1 })
  })
})
