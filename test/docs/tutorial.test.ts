import { execFileSync } from 'node:child_process'
import { dirname, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { blocksOf } from '../support/documents.ts'
import { temporaryFile } from '../support/temporary-file.ts'

type Step = { readonly command: string; readonly shows: ReadonlyArray<string> }

/** The commands of a page's console blocks, each with the lines that the page shows of its output. */
const stepsOf = (page: string): ReadonlyArray<Step> => {
  const steps: Array<{ command: string; shows: Array<string> }> = []
  for (const { language, text } of blocksOf(page)) {
    if (language !== 'console') continue
    for (const line of text.trimEnd().split('\n')) {
      if (line.startsWith('$ ')) steps.push({ command: line.slice(2), shows: [] })
      else steps.at(-1)?.shows.push(line)
    }
  }
  return steps
}

const program = resolve(import.meta.dirname, '../../dist/bin/keyfold.js')

it('the tutorial’s commands do what it says, one after another', () => {
  const folder = dirname(temporaryFile('first.db'))
  const steps = stepsOf('docs/tutorial/first-steps.md')
  expect(steps.length).toBe(7)
  for (const { command, shows } of steps) {
    const script = command.replace(/^keyfold /, `"${process.execPath}" "${program}" `)
    const output = execFileSync('sh', ['-c', script], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' }
    })
    let from = 0
    for (const line of shows) {
      const at = output.indexOf(line, from)
      expect(at, `${command}\nshows ${line} in its place, but it gave\n${output}`).toBeGreaterThanOrEqual(0)
      from = at + line.length
    }
  }
})
