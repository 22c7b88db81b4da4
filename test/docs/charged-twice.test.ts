import { execFile } from 'node:child_process'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { read } from '../support/documents.ts'
import { program } from '../support/keyfold.ts'
import { temporaryFile } from '../support/temporary-file.ts'

const page = read('docs/how-to/charged-twice.md')
const blocks = [...page.matchAll(/^```(sh|text)\n(.*?)^```/gms)].map(([, kind, text = '']) => ({ kind, text }))

it('the how-to for a customer who was charged twice does what it says', async () => {
  const cwd = dirname(temporaryFile('keyfold.db'))
  const run = async (commands: string): Promise<string> => {
    const script = `keyfold() { "${process.execPath}" "${program}" "$@"; }\n${commands}`
    const { stdout } = await promisify(execFile)('sh', ['-eu', '-c', script], {
      cwd,
      env: { PATH: process.env['PATH'] }
    })
    return stdout
  }
  let said = ''
  let compared = 0
  for (const { kind, text } of blocks) {
    if (kind === 'sh') said = await run(text)
    else {
      expect(said).toBe(text)
      compared++
    }
  }
  expect(compared).toBe(5)
})
