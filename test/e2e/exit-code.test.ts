import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { program } from '../support/keyfold.ts'
import { temporaryFile } from '../support/temporary-file.ts'

/** What a shell makes of a line, with the program as `keyfold` and the work of the caller as `charge`. */
const shell = async (line: string, folder: string) => {
  const script = `keyfold() { "$NODE" "$PROGRAM" "$@"; }\ncharge() { echo charged; }\n${line}`
  const env = { PATH: process.env['PATH'], NODE: process.execPath, PROGRAM: program, KEYFOLD_STORE: 'sqlite:k.db' }
  const { stdout } = await promisify(execFile)('sh', ['-c', script], { cwd: folder, env })
  return stdout
}

const reserve = 'keyfold reserve --operation charge --key order-1 --owner job --lease 5m --exit-code'

describe('reserve --exit-code in a shell', () => {
  it('lets the work be done once', async () => {
    const folder = dirname(temporaryFile('k.db'))
    const line = `${reserve} --fingerprint f >/dev/null && charge; echo $?`
    expect(await shell(line, folder)).toBe('charged\n0\n')
    expect(await shell(line, folder)).toBe('21\n')
    expect(await shell(line.replace('--fingerprint f', '--fingerprint g'), folder)).toBe('22\n')
    // a store that is none must not read as an answer
    expect(
      await shell(`echo none > k.db; rm -f k.db-wal k.db-shm; ${reserve} --fingerprint f 2>/dev/null; echo $?`, folder)
    ).toBe('41\n')
  })

  it('lets nobody charge again after a crash, once the lease is over', async () => {
    const folder = dirname(temporaryFile('k.db'))
    const line = `${reserve} --fingerprint f`
    expect(await shell(`${line} >/dev/null && charge; echo $?`, folder)).toBe('charged\n0\n')
    expect(await shell(`${line} --now +6m >/dev/null && charge; echo $?`, folder)).toBe('25\n')
  })

  it('completes as the reference has it', async () => {
    const folder = dirname(temporaryFile('k.db'))
    writeFileSync(join(folder, 'order.json'), '{"amount":1}')
    const reference = readFileSync(resolve(import.meta.dirname, '../../docs/reference/cli.md'), 'utf8')
    const line = /```sh\n(claim=.*?)```/s.exec(reference)?.[1] ?? 'false'
    expect(await shell(line, folder)).toMatch(/^charged\ncompleted/)
    expect(await shell(`${line.trim()}\necho $?`, folder)).toBe('20\n')
  })
})
