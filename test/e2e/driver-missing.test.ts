import { execFile } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const run = promisify(execFile)

const root = mkdtempSync(join(realpathSync(tmpdir()), 'keyfold-install-'))
const installed = join(root, 'node_modules')

/** As `npm i --omit=optional` leaves it: all packages, but not the driver's native part. */
beforeAll(() => {
  if (!existsSync('dist/sqlite.js')) throw new Error('the package is not built: npm run build')
  mkdirSync(join(installed, 'keyfold'), { recursive: true })
  cpSync('dist', join(installed, 'keyfold', 'dist'), { recursive: true })
  cpSync('package.json', join(installed, 'keyfold', 'package.json'))
  // copied, so that it looks for its native part here
  for (const name of ['libsql', '@neon-rs', 'detect-libc']) {
    cpSync(join('node_modules', name), join(installed, name), { recursive: true, dereference: true })
  }
  for (const name of readdirSync('node_modules')) {
    if (name.startsWith('.') || name === '@libsql' || existsSync(join(installed, name))) continue
    symlinkSync(resolve('node_modules', name), join(installed, name))
  }
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const remedy = /install libsql without --omit=optional/

describe('an install without the native part of the SQLite driver', () => {
  it('is told to an application as a failure that it can catch, with the remedy', async () => {
    writeFileSync(
      join(root, 'app.mjs'),
      `const { openSqliteStore } = await import('keyfold/sqlite')
       await import('keyfold')
       try { await openSqliteStore({ file: 'x.db' }) }
       catch (cause) { console.log(JSON.stringify([cause.tag, cause.message, cause.cause?.code])) }`
    )
    const { stdout } = await run(process.execPath, ['app.mjs'], { cwd: root })
    const [tag, message, code] = JSON.parse(stdout)
    expect([tag, code]).toEqual(['StoreUnavailable', 'MODULE_NOT_FOUND'])
    expect(message).toMatch(remedy)
    expect(existsSync(join(root, 'x.db'))).toBe(false)
  })

  it('is told on the command line once, with the remedy', async () => {
    const program = join(installed, 'keyfold', 'dist', 'bin', 'keyfold.js')
    const args =
      'reserve --org acme --workspace shop --operation charge --key k --owner w --fingerprint f --lease none'.split(' ')
    const { stderr, code } = (await run(process.execPath, [program, ...args, '--store', 'sqlite:x.db'], {
      cwd: root
    }).catch((failed: { readonly stderr: string; readonly code: number }) => failed)) as {
      readonly stderr: string
      readonly code?: number
    }
    expect(code).toBeGreaterThan(0)
    expect(stderr.match(/error:/g)).toHaveLength(1)
    expect(stderr).toMatch(remedy)
  })
})
