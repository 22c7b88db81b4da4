import { dirname } from 'node:path'
import { chdir, cwd } from 'node:process'
import { expect, it, onTestFinished } from 'vitest'
import { read } from '../support/documents.ts'
import { temporaryFile } from '../support/temporary-file.ts'

it('the README’s example does what it says', async () => {
  const before = cwd()
  chdir(dirname(temporaryFile('payments.db')))
  onTestFinished(() => chdir(before))
  const { pay, store } = await import('./snippets/readme.ts')
  expect(await pay('order-1', { amount: 10 })).toEqual({ charged: 10 })
  expect(await pay('order-1', { amount: 10 })).toMatchObject({ outcomeKind: 'charged', details: { charged: 10 } })
  expect(await pay('order-1', { amount: 99 })).toBe('this key was used for another request')
  await store.dispose()
})

it('names both commands at its top', () => {
  expect(read('README.md').split('\n').slice(0, 9)).toEqual(
    expect.arrayContaining(['npm ci && npm start', 'npm ci && npm test'])
  )
})
