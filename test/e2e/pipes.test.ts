import { execFileSync } from 'node:child_process'
import { readdirSync, readlinkSync } from 'node:fs'
import { open, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { conformanceFolder } from '../support/conformance.ts'
import { keyfold, program, start } from '../support/keyfold.ts'
import { temporaryFile } from '../support/temporary-file.ts'

/** A pipe with a name, which nobody writes to. */
const pipe = (): string => {
  const path = temporaryFile('pipe')
  execFileSync('mkfifo', [path])
  return path
}

const reserving = (payload: string): ReadonlyArray<string> => [
  'reserve',
  '--operation=op',
  '--key=k',
  '--owner=me',
  '--lease=1h',
  `--payload=@${payload}`,
  '--json'
]

/** Opens a pipe once, and writes these pieces to it, one after another. */
const write = async (path: string, pieces: ReadonlyArray<string>): Promise<void> => {
  const handle = await open(path, 'w')
  for (const piece of pieces) {
    await handle.appendFile(piece)
    await wait(100)
  }
  await handle.close()
}

/** What reads a pipe, in a store of its own. */
const readers: ReadonlyArray<readonly [name: string, args: (path: string) => ReadonlyArray<string>]> = [
  ['import', (path) => ['import', path]],
  ['an option', reserving]
]

/** Once a process has opened a file. */
const untilItHas = (pid: number | undefined, path: string): Promise<void> =>
  vi.waitFor(
    () => {
      const folder = `/proc/${pid}/fd`
      expect(readdirSync(folder).map((fd) => readlinkSync(`${folder}/${fd}`))).toContain(path)
    },
    { timeout: 60_000, interval: 50 }
  )

const withStore = (args: ReadonlyArray<string>): ReadonlyArray<string> => [...args, '--store=memory:']

describe.runIf(process.platform === 'linux')('a pipe that nobody writes to', () => {
  for (const [name, args] of readers) {
    it.each([
      ['SIGINT', 130],
      ['SIGTERM', 143]
    ] as const)(`is given up by ${name} at the first %s, and the process ends`, async (signal, code) => {
      const path = pipe()
      const { child, ended } = start(withStore(args(path)))
      await untilItHas(child.pid, path)
      child.kill(signal)
      // where it does not end by itself, a second signal would be needed
      const last = setTimeout(() => child.kill('SIGKILL'), 30_000)
      const { stderr, ...said } = await ended
      clearTimeout(last)
      expect(said).toEqual({ code, signal: null, stdout: '' })
      expect(stderr).toMatch(/^error: Aborted: [^\n]+\nwhat to do: [^\n]+\n$/)
    })
  }
})

describe('a pipe', () => {
  it('is waited for, and read to its end, however late and in whatever pieces it comes', async () => {
    const path = pipe()
    const running = start(withStore(reserving(path)))
    await wait(1000)
    const text = `{"a":"${'x'.repeat(300_000)}","b":[1,2]}`
    const writer = write(path, [text.slice(0, 1), text.slice(1, 200_000), text.slice(200_000)])
    const [piped] = await Promise.all([running.ended, writer])
    const file = temporaryFile('payload.json')
    await writeFile(file, text)
    const plain = await keyfold(withStore(reserving(file)))
    const fingerprint = ({ stdout }: { readonly stdout: string }) => JSON.parse(stdout).record.request_fingerprint
    expect(fingerprint(piped)).toBe(fingerprint(plain))
  })
  it('holds nothing where its writer said nothing', async () => {
    const path = pipe()
    const { ended } = start(withStore(reserving(path)))
    await write(path, [])
    expect(await ended).toMatchObject({ code: 10, stderr: expect.stringContaining('--payload: not valid JSON') })
  })
  it('is one of the shell too', async () => {
    const file = resolve(conformanceFolder, 'files/15-v1.json')
    const script = `"$0" "$1" import <(cat "$2") --store=memory: --json`
    const stdout = execFileSync('bash', ['-c', script, process.execPath, program, file], { encoding: 'utf8' })
    expect(JSON.parse(stdout).imported).toBeGreaterThan(0)
    const none = `"$0" "$1" import <(true) --store=memory: `
    expect(execFileSync('bash', ['-c', none, process.execPath, program], { encoding: 'utf8' })).toMatch(/^imported 0,/)
  })
})
