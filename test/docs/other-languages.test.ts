import { execFile, execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { blocksOf, read } from '../support/documents.ts'
import { program } from '../support/keyfold.ts'
import { temporaryFile } from '../support/temporary-file.ts'

const page = 'docs/how-to/other-languages.md'
const clients = resolve(import.meta.dirname, 'clients')

const isHere = (command: string, ...args: ReadonlyArray<string>): boolean => {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    console.warn(`${command} is not here: its client in ${page} was not run`)
    return false
  }
}

const languages = [
  { name: 'Python', isThere: isHere('python3', '--version'), run: ['python3', '-B', 'story.py'] },
  { name: 'Go', isThere: isHere('go', 'version'), run: ['go', 'run', 'keyfold.go', 'once.go', 'story.go'] }
]

const played = async (run: ReadonlyArray<string>): Promise<unknown> => {
  const [command = '', ...args] = run
  const store = `sqlite:${temporaryFile('ledger.db')}`
  const { stdout } = await promisify(execFile)(command, [...args, store, process.execPath, program], { cwd: clients })
  return JSON.parse(stdout)
}

describe('a client in another language', () => {
  it('is shown as it is run', () => {
    const shown = blocksOf(page).filter(({ source }) => source !== undefined)
    const names = ['keyfold.py', 'once.py', 'keyfold.go', 'once.go']
    expect(shown.map(({ source }) => source)).toEqual(names.map((name) => `test/docs/clients/${name}`))
    for (const { source, text } of shown) expect(text).toBe(read(source ?? ''))
  })

  it.each(['keyfold.py', 'keyfold.go'])('has 40 lines at most, but for comments: %s', (name) => {
    const lines = read(`test/docs/clients/${name}`).split('\n')
    expect(lines.filter((line) => !/^\s*(?:(?:#|\/\/|""").*)?$/.test(line)).length).toBeLessThanOrEqual(40)
  })

  it.runIf(languages[0]?.isThere)(
    'takes no answer for that to another line, once it was interrupted: Python',
    async () => {
      expect(await played(['python3', '-B', 'interrupted.py'])).toEqual([
        'order-1',
        'interrupted',
        'order-3',
        'order-1',
        'order-3',
        ['order-1', 'order-3']
      ])
    }
  )

  for (const { name, isThere, run } of languages) {
    it.runIf(isThere)(
      `does what it says: ${name}`,
      async () => {
        expect(await played(run)).toEqual([
          { charged: 10 },
          { charged: 10 },
          'conflict',
          'InvalidInput',
          'NothingHappened',
          'é😀',
          'TimeoutError',
          'in_doubt',
          'duplicate',
          1,
          'TakenOver',
          'in_doubt',
          'LimitExceeded',
          'in_doubt',
          'in_doubt',
          { charged: 10 },
          6
        ])
      },
      120_000
    )
  }
})
