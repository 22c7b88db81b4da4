import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keyfold } from '../support/keyfold.ts'
import { keyfoldHere } from '../support/keyfold-here.ts'
import { temporaryFile } from '../support/temporary-file.ts'

const script = async (shell: string, run = keyfoldHere): Promise<string> => {
  const { code, stdout, stderr } = await run(['completion', shell])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}

const has = (shell: string): boolean => spawnSync(shell, ['--version']).error === undefined

describe('completion in bash', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyfold-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  beforeAll(async () => {
    writeFileSync(join(folder, 'completion.bash'), await script('bash', keyfold))
    mkdirSync(join(folder, 'files'))
    for (const name of ['old keys.json', 'old.json', 'new.json', '*']) writeFileSync(join(folder, 'files', name), '')
  })

  /** What bash itself offers for the last of the words, asked as it asks: about the line too, where no blank is beside an `=`. */
  const offered = async (...words: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
    const asked =
      'source ../completion.bash; COMP_LINE="$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _keyfold; for word in "$' +
      '{COMPREPLY[@]}"; do echo "$word"; done'
    const line = ['keyfold', ...words].join(' ').replace(/ = ?/, '=')
    const { stdout } = await promisify(execFile)('bash', ['-c', asked, 'bash', line, 'keyfold', ...words], {
      cwd: join(folder, 'files')
    })
    return stdout.split('\n').filter((word) => word !== '')
  }

  /** Given the words, then what is offered for the last of them. */
  const table: ReadonlyArray<readonly [words: ReadonlyArray<string>, offered: ReadonlyArray<string>]> = [
    [['re'], ['reserve', 'release', 'renew', 'recovery-point', 'rebuild']],
    [['--ve'], ['--version']],
    [
      ['--store', 'sqlite', 'comp'],
      ['complete', 'complete-by-operator', 'completion']
    ],
    [['--json', 'verif'], ['verify']],
    [
      ['reserve', '--e'],
      ['--expires-at', '--exit-code', '--event-id']
    ],
    [
      ['list', '--status', 'co'],
      ['completed', 'conflicted']
    ],
    [
      ['list', '--status', '=', 'co'],
      ['completed', 'conflicted']
    ],
    [
      ['list', '--status', '='],
      ['reserved', 'completed', 'conflicted']
    ],
    [['reserve', '--key', 're'], []],
    [
      ['list', '--st'],
      ['--store', '--status', '--stuck', '--strict']
    ],
    [
      ['projections', 're'],
      ['rebuild', 'retry']
    ],
    [['projections', '--part'], ['--partitions']],
    [
      ['import', 'old'],
      ['old keys.json', 'old.json']
    ],
    // no pattern: a name
    [['import', '*'], ['*']],
    [['completion', 'z'], ['zsh']]
  ]
  for (const [words, expected] of table) {
    it(`keyfold ${words.join(' ')}`, async () => {
      expect((await offered(...words)).toSorted()).toEqual(expected.toSorted())
    })
  }
})

/** Types into a bash at a terminal of its own, and prints all that it shows. */
const typist = `
import os, pty, sys
child, terminal = pty.fork()
if child == 0:
    os.execvp('bash', ['bash', '--norc', '--noprofile', '-i'])
os.write(terminal, sys.argv[1].encode())
shown = b''
while True:
    try:
        piece = os.read(terminal, 65536)
    except OSError:
        break
    if not piece:
        break
    shown += piece
os.waitpid(child, 0)
sys.stdout.buffer.write(shown)
`

describe.runIf(has('python3'))('completion in bash at a terminal', () => {
  it('takes addresses for what they are, where bash takes them apart', async () => {
    const file = temporaryFile('completion.bash')
    writeFileSync(file, await script('bash'))
    const lines: ReadonlyArray<readonly [typed: string, whole: string]> = [
      ['--store sqlite:x.db li', '--store sqlite:x.db list'],
      ['--store memory: li', '--store memory: list'],
      ['--store=memory: li', '--store=memory: list'],
      ['--store=sqlite:x.db li', '--store=sqlite:x.db list'],
      ['--store   esdb://u:p@h:2113?tls=false  complete-b', '--store esdb://u:p@h:2113?tls=false complete-by-operator'],
      ['--category a=b:c --json li', '--category a=b:c --json list'],
      ['--store "sqlite:a b.db" li', "--store 'sqlite:a b.db' list"],
      ['list --store sqlite:x.db --status com', 'list --store sqlite:x.db --status completed'],
      ['list --store=sqlite:x.db --status=com', 'list --store=sqlite:x.db --status=completed'],
      ['list --status=com', 'list --status=completed'],
      // a part of an address is no command
      ['--store sqlite:li', '--store sqlite:li'],
      ['--store=sqlite:li', '--store=sqlite:li'],
      ['reserve --key a:--no', 'reserve --key a:--no'],
      ['reserve --key=--no', 'reserve --key=--no']
    ]
    const typed = [
      `cd ${dirname(file)}; source completion.bash; keyfold() { printf '<%s>' "\${*@Q}"; }`,
      ...lines.map(([line], index) => `true ${index}; keyfold ${line}\t`),
      'exit\n'
    ].join('\n')
    const { stdout } = await promisify(execFile)('python3', ['-c', typist, typed], {
      env: { ...process.env, PS1: '', TERM: 'dumb', LC_ALL: 'C.UTF-8', INPUTRC: '/dev/null' }
    })
    const shown = [...stdout.matchAll(/<(?!%s)([^<>]*)>/g)].map(([, words = '']) =>
      words.replaceAll(/'([\w./:=@?-]*)'/g, '$1')
    )
    expect(shown).toEqual(lines.map(([, whole]) => whole))
  })
  it('has names of files whole, whatever is in them', async () => {
    const file = temporaryFile('completion.bash')
    writeFileSync(file, await script('bash'))
    const folder = dirname(file)
    const names = ['new\nline.json', "it's.json", 'pl"ain.json', 'a$b c.json', 'ключ 1.json']
    for (const name of names) writeFileSync(join(folder, name), '')
    const typed = [
      `cd ${folder}; source completion.bash; keyfold() { printf '<%q>' "$2"; }`,
      ...names.map((name) => `keyfold import ${name.slice(0, 2)}\t`),
      'exit\n'
    ].join('\n')
    const { stdout } = await promisify(execFile)('python3', ['-c', typist, typed], {
      env: { ...process.env, PS1: '', TERM: 'dumb', LC_ALL: 'C.UTF-8', INPUTRC: '/dev/null' }
    })
    const asBashQuotes = names.map((name) =>
      name.includes('\n') ? "$'new\\nline.json'" : name.replaceAll(/['"$ ]/g, '\\$&')
    )
    for (const name of asBashQuotes) expect(stdout).toContain(`<${name}>`)
  })
})

describe('completion in other shells', () => {
  it('has every command and option of the parser', async () => {
    const bash = await script('bash')
    const names = [...new Set([...bash.matchAll(/--[a-z][a-z-]+/g)].map(([name]) => name))]
    const [zsh, fish] = [await script('zsh'), await script('fish')]
    for (const name of names) {
      expect(zsh).toContain(`'${name}[`)
      expect(fish).toContain(` -l ${name.slice(2)} `)
    }
    expect(await keyfoldHere(['completion', 'csh'])).toMatchObject({ code: 2, stdout: '' })
  })
  for (const shell of ['zsh', 'fish'].filter(has)) {
    it(`is a script that ${shell} takes`, async () => {
      const file = temporaryFile(`completion.${shell}`)
      writeFileSync(file, await script(shell))
      await promisify(execFile)(shell, ['-n', file])
    })
  }
  for (const shell of ['zsh', 'fish'].filter((one) => !has(one))) {
    process.stderr.write(`the completion for ${shell} is not tried: ${shell} is not installed here\n`)
  }
})
