import { dirname } from 'node:path'
import { chdir, cwd } from 'node:process'
import { inspect } from 'node:util'
import { expect, it, onTestFinished, vi } from 'vitest'
import { blocksOf } from '../support/documents.ts'
import { temporaryFile } from '../support/temporary-file.ts'

it('the tutorial’s program prints what it says', async () => {
  const before = cwd()
  chdir(dirname(temporaryFile('payments.db')))
  onTestFinished(() => chdir(before))
  const printed: Array<string> = []
  const log = vi.spyOn(console, 'log').mockImplementation((...said: ReadonlyArray<unknown>) => {
    printed.push(said.map((one) => (typeof one === 'string' ? one : inspect(one))).join(' '))
  })
  onTestFinished(() => log.mockRestore())
  await import('./snippets/payment-try.ts')
  const [shown] = blocksOf('docs/tutorial/make-a-payment-idempotent.md').filter(({ language }) => language === 'text')
  expect(`${printed.join('\n')}\n`).toBe(shown?.text)
})
