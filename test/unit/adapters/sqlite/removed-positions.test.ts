import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { exactly } from '../../../../src/domain/expected-revision.ts'
import { appendOf } from '../../../support/append-of.ts'
import { executed, pragmaIn } from '../../../support/frozen-files.ts'
import { opened } from '../../../support/sqlite-opening.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

const positionsIn = async (file: string, after = 'start'): Promise<ReadonlyArray<string>> => {
  const store = await opened(file, { check: 'full' })
  const page = await store.readAll(after, '', 100)()
  await store.dispose()
  return E.isRight(page) ? page.right.events.map(({ position }) => position) : expect.unreachable(page.left.message)
}

const append = async (file: string, count: number, stream: string): Promise<void> => {
  const store = await opened(file)
  expect(E.isRight(await store.append(appendOf(count, stream))())).toBe(true)
  await store.dispose()
}

const remove = (stream: string): string =>
  `DELETE FROM events WHERE first = (SELECT position FROM events WHERE name = CAST('${stream}' AS BLOB))`

describe('the position of an event that was removed', () => {
  it.each([
    ['the last of the log', ['c']],
    ['some at its end, the last one first', ['c', 'b']],
    ['some at its end, the last one last', ['b', 'c']],
    ['all there were', ['a', 'b', 'c']]
  ])('is given to no other, so that whoever follows the log misses nothing: %s', async (_, removed) => {
    const file = temporaryFile('store.db')
    for (const stream of ['a', 'b', 'c']) await append(file, 2, stream)
    for (const stream of removed) executed(file, remove(stream))
    await append(file, 1, 'd')
    // who had seen the log up to its end
    expect(await positionsIn(file, '6')).toEqual(['7'])
    executed(file, `${remove('d')}; VACUUM`)
    await append(file, 1, 'e')
    expect(await positionsIn(file, '7')).toEqual(['8'])
  })

  it('is given to no other where the whole log went and the file was packed', async () => {
    const file = temporaryFile('store.db')
    await append(file, 3, 'a')
    executed(file, 'DELETE FROM events; VACUUM')
    await append(file, 1, 'a')
    expect(await positionsIn(file)).toEqual(['4'])
    expect(await pragmaIn(file, 'integrity_check')).toBe('ok')
  })

  it('leaves its stream free, and the events of others where they are', async () => {
    const file = temporaryFile('store.db')
    for (const stream of ['a', 'b']) await append(file, 2, stream)
    executed(file, remove('a'))
    const store = await opened(file)
    expect(await store.append(appendOf(1, 'a'))()).toEqual(E.right({ revision: 0n }))
    expect(await store.append(appendOf(1, 'b', exactly(1n)))()).toEqual(E.right({ revision: 2n }))
    await store.dispose()
    expect(await positionsIn(file)).toEqual(['3', '4', '5', '6'])
  })
})
