import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { keyfold, program } from '../support/keyfold.ts'
import { temporaryFile } from '../support/temporary-file.ts'

const columns = 80

/** Whether there is a `script` that runs a command on a terminal of its own: util-linux has one, other systems another. */
const isHere = (() => {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).includes(
      'util-linux'
    )
  } catch {
    return false
  }
})()
if (!isHere) console.warn('no script of util-linux is here: nothing was run on a real terminal')

/** What a terminal of 80 columns is shown, and nothing else: lines end as a terminal ends them. */
const onTerminal = async (args: ReadonlyArray<string>): Promise<string> => {
  const line = [process.execPath, program, ...args].map((word) => `'${word}'`).join(' ')
  const { PATH } = process.env
  const { stdout } = await promisify(execFile)(
    'script',
    ['--quiet', '--return', '--command', `stty cols ${columns} rows 24; ${line}`, '/dev/null'],
    { env: { PATH, TERM: 'xterm', SHELL: '/bin/sh' } }
  )
  return stdout.replaceAll('\r\n', '\n')
}

describe('the program on a terminal of its own', () => {
  it.runIf(isHere)('shows a table in colour that fits in 80 columns, and says what it left out', async () => {
    const store = `--store=sqlite:${temporaryFile('ledger.db')}`
    const key = ['--org=acme', '--workspace=shop', '--operation=payment.charge', '--key=order-1']
    const reserved = await keyfold(['reserve', ...key, '--owner=web-1', '--fingerprint=f', '--lease=5m', store])
    expect(reserved).toMatchObject({ code: 0, stderr: '' })
    const shown = await onTerminal(['list', '--scan', store])
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what a terminal is sent
    const colours = /\u001b\[\d+m/g
    const lines = shown.replaceAll(colours, '').trimEnd().split('\n')
    expect(shown).toMatch(colours)
    expect(lines.filter((line) => line.length > columns)).toEqual([])
    expect(lines[0]).toMatch(/^record id {2,}operation {2,}key {2,}status {2,}last seen$/)
    expect(lines[1]).toMatch(/^idem_\w{12}… {2}payment\.charge {2}order-1 {2}reserved {2}\d{4}-/)
    expect(lines.slice(2)).toEqual([expect.stringMatching(/^left out at 80 columns: .*duplicates/), '1 record'])
  })
})
