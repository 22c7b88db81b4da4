import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { blocksOf, read } from '../support/documents.ts'
import { program } from '../support/keyfold.ts'
import { temporaryFile } from '../support/temporary-file.ts'

const howTo = readFileSync(resolve(import.meta.dirname, '../../docs/how-to/import.md'), 'utf8')
const blocks = [...howTo.matchAll(/^```(sh|text)\n(.*?)^```/gms)].map(([, kind, text = '']) => ({ kind, text }))

it('the how-to for import does what it says', async () => {
  const file = temporaryFile('keys.json')
  const cwd = dirname(file)
  writeFileSync(file, blocksOf('docs/how-to/import.md').find(({ language }) => language === 'json')?.text ?? '')
  expect(readFileSync(file, 'utf8')).toBe(read('docs/how-to/import-sample.json'))
  const run = async (commands: string): Promise<string> => {
    const script = `keyfold() { "${process.execPath}" "${program}" "$@"; }\n${commands}`
    const { stdout } = await promisify(execFile)('sh', ['-eu', '-c', script], {
      cwd,
      env: { PATH: process.env['PATH'] }
    })
    return stdout
  }
  let said = ''
  let looked = ''
  for (const { kind, text } of blocks) {
    if (kind === 'sh') said = await run(text)
    else expect(said).toBe(text)
    if (text.includes('again.json')) looked = said
  }
  expect(blocks.map(({ kind }) => kind)).toEqual(['sh', 'text', 'sh', 'text', 'sh', 'sh', 'text'])
  expect(looked).toMatch(/^record id.*^idem_11.*^idem_91.*^0\t.*\tImported\t.*^exported 2 records to again\.json$/ms)
  const records = (path: string) => JSON.parse(readFileSync(path, 'utf8')).records
  expect(records(join(cwd, 'again.json'))).toEqual(records(file))
})
