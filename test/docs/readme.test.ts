import { dirname } from 'node:path'
import { chdir, cwd } from 'node:process'
import { expect, it, onTestFinished } from 'vitest'
import { blocksOf, read } from '../support/documents.ts'
import { temporaryFile } from '../support/temporary-file.ts'

it('the README’s example does what it says', async () => {
  const before = cwd()
  chdir(dirname(temporaryFile('payments.db')))
  onTestFinished(() => chdir(before))
  const { pay, ledger } = await import('./snippets/readme.ts')
  const value = { charged: 10 }
  expect(await pay('order-1', 10)).toMatchObject({ _tag: 'Ran', value })
  expect(await pay('order-1', 10)).toMatchObject({ _tag: 'Replayed', value })
  expect(await pay('order-1', 99)).toMatchObject({ _tag: 'Conflict' })
  await ledger.dispose()
})

it('is eight lines long', () => {
  const [code] = blocksOf('README.md').filter(({ language }) => language === 'ts')
  expect(code?.text.trim().split('\n')).toHaveLength(8)
})

it('says what keyfold is, how it is installed, and both commands of a clone on its first screen', () => {
  const lines = read('README.md').split('\n')
  expect(lines.slice(0, 3)).toEqual(['# keyfold', '', expect.stringMatching(/^An idempotency-key ledger/)])
  const wanted = ['npm i keyfold fp-ts io-ts', 'npx keyfold demo', 'npm ci && npm start', 'npm ci && npm test']
  const places = wanted.map((line) => lines.indexOf(line))
  expect(places).toEqual(places.toSorted((a, b) => a - b))
  expect(places[0]).toBeGreaterThan(0)
  expect(places.at(-1)).toBeLessThan(24)
})
