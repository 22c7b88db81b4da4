import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { keyfold, program } from '../support/keyfold.ts'
import { keyfoldHere } from '../support/keyfold-here.ts'
import { keyed, reserve } from '../support/story.ts'
import { temporaryFile } from '../support/temporary-file.ts'

/** A process in which this module cannot be found, as where its package was not installed. */
const without = (module: string): { readonly NODE_OPTIONS: string } => {
  const hook = `export const resolve = (name, context, next) => {
    if (name === '${module}') throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })
    return next(name, context)
  }`
  const preload = `import { register } from 'node:module'
    register('data:text/javascript,${encodeURIComponent(hook).replaceAll("'", '%27')}')`
  // what Node says of how this test does it is not what is looked at
  return { NODE_OPTIONS: `--no-deprecation --import=data:text/javascript,${encodeURIComponent(preload)}` }
}

describe('a store whose driver is not installed', () => {
  it('is one complaint: what is missing, and how to get it', async () => {
    const env = without('@eventstore/db-client')
    const ran = await keyfold([...reserve('k', 'c'), '--store=esdb://127.0.0.1:1?tls=false'], { env })
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 18, stdout: '' })
    expect(ran.stderr).toMatch(
      /^error: StoreUnavailable: the package @eventstore\/db-client could not be loaded: [^\n]+\nwhat to do: install the client of EventStoreDB beside keyfold \(npm install @eventstore\/db-client\)\n$/
    )
    expect(await keyfold([...reserve('k', 'c'), '--store=memory:'], { env })).toMatchObject({ code: 0 })
  })
})

describe('an address', () => {
  const refused: ReadonlyArray<readonly [address: string, cause: string]> = [
    ['sqlite://x.db', '--store sqlite:// means no file for certain: write sqlite:x.db, or sqlite:/folder/x.db'],
    ['sqlite:///x.db', '--store sqlite:// means no file for certain'],
    ['sqlite:////tmp/x.db', '--store sqlite:// means no file for certain'],
    ['sqlite://admin:s3cr3t@host/x.db', '--store sqlite:// means no file for certain'],
    ['', '--store must be sqlite:FILE, memory:, esdb://… or kurrentdb://…'],
    ['x.db', '--store must be sqlite:FILE, memory:, esdb://… or kurrentdb://…; for a file: sqlite:x.db'],
    ['SQLITE:x.db', '--store must be sqlite:FILE'],
    ['memory:x', '--store must be sqlite:FILE'],
    ['kurrentdbs://admin:s3cr3t@host', '--store must be sqlite:FILE'],
    ['esdb:/host', '--store must be sqlite:FILE']
  ]
  it('that could mean two things, or nothing, is refused and makes no file', async () => {
    const cwd = dirname(temporaryFile('x'))
    await Promise.all(
      refused.map(async ([address, cause]) => {
        const ran = await keyfoldHere([...reserve('k', 'c'), '--store', address], { cwd })
        expect({ address, code: ran.code, stdout: ran.stdout }).toEqual({ address, code: 10, stdout: '' })
        expect(ran.stderr).toContain(`error: InvalidInput: ${cause}`)
        expect(ran.stderr).not.toContain('s3cr3t')
      })
    )
    // what it was given by is what is to be corrected
    const byEnvironment = await keyfold(['list'], { cwd, env: { KEYFOLD_STORE: 'sqlite:' } })
    expect(byEnvironment.stderr).toContain('error: InvalidInput: KEYFOLD_STORE sqlite: needs the name of a file')
    expect(readdirSync(cwd)).toEqual([])
  })

  it('of a server is known by every name of the server', async () => {
    const names = ['esdb', 'kurrentdb', 'kdb', 'kurrent'].flatMap((name) => [name, `${name}+discover`])
    await Promise.all(
      names.map(async (name) => {
        const ran = await keyfoldHere(['list', `--store=${name}://a host with blanks`])
        // it went to the store of the server, which refuses the host
        expect({ name, code: ran.code, stdout: ran.stdout }).toEqual({ name, code: 10, stdout: '' })
        expect(ran.stderr).toContain('connection string')
      })
    )
  })

  it('that is set to nothing is not set', async () => {
    const cwd = dirname(temporaryFile('x'))
    expect(await keyfold(reserve('k', 'c'), { cwd, env: { KEYFOLD_STORE: '' } })).toMatchObject({ code: 0 })
    expect(readdirSync(cwd)).toContain('keyfold.db')
  })
})

describe('arguments that are not UTF-8', () => {
  /** As a shell hands them on: `printf` makes the byte. */
  const inShell = (script: string) =>
    spawnSync('sh', ['-c', script, process.execPath, program], {
      env: { PATH: process.env['PATH'], KEYFOLD_STORE: 'memory:' },
      encoding: 'utf8'
    })
  const bytes = '"$(printf "\\351\\377")"'

  it('are refused: two keys in Latin-1 would be one', () => {
    const { status, stdout, stderr } = inShell(`"$0" '${program}' reserve --key=${bytes}`)
    expect({ status, stdout }).toEqual({ status: 10, stdout: '' })
    expect(stderr).toContain('error: InvalidInput: --key is not UTF-8')
  })
  it('are refused in every option', async () => {
    for (const option of ['--key', '--operation', '--org', '--fingerprint', '--claim-id', '--payload']) {
      // what Node makes of such bytes
      const { code, stdout, stderr } = await keyfoldHere(['reserve', `${option}=\ufffd\ufffd`])
      expect({ code, stdout }).toEqual({ code: 10, stdout: '' })
      expect(stderr).toContain(`error: InvalidInput: ${option} is not UTF-8`)
    }
  })
  it('are refused in the environment too', () => {
    const { status, stderr } = inShell(`KEYFOLD_STORE=sqlite:${bytes} "$0" '${program}' get ${keyed('k').join(' ')}`)
    expect(status).toBe(10)
    expect(stderr).toContain('error: InvalidInput: KEYFOLD_STORE is not UTF-8')
  })
})
