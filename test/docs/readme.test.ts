import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { createLedger, jsonFingerprint } from '../../src/index.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { temporaryFile } from '../support/temporary-file.ts'

const readme = readFileSync(resolve(import.meta.dirname, '../../README.md'), 'utf8')

it('the README’s example does what it says', async () => {
  const block = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
  const body = block
    .replace(/^import .*$/gm, '')
    .replace('(key: string, order: { amount: number })', '(key, order)')
    .replace("'payments.db'", 'file')
  const run = new Function(
    'createLedger',
    'jsonFingerprint',
    'openSqliteStore',
    'file',
    `return (async () => { ${body}; return { pay, store } })()`
  )
  const { pay, store } = await run(createLedger, jsonFingerprint, openSqliteStore, temporaryFile('payments.db'))
  expect(await pay('order-1', { amount: 10 })).toEqual({ charged: 10 })
  expect(await pay('order-1', { amount: 10 })).toMatchObject({ outcomeKind: 'charged', details: { charged: 10 } })
  expect(await pay('order-1', { amount: 99 })).toBe('this key was used for another request')
  await store.dispose()
})

it('names both commands at its top', () => {
  expect(readme.split('\n').slice(0, 9)).toEqual(expect.arrayContaining(['npm ci && npm start', 'npm ci && npm test']))
})
