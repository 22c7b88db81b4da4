import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startStandIn } from '../../src/testing/eventstoredb.ts'
import { contents, doctor } from '../support/doctor.ts'
import { keyfold } from '../support/keyfold.ts'
import { keyfoldHere } from '../support/keyfold-here.ts'
import { reserve } from '../support/story.ts'
import { temporaryFile } from '../support/temporary-file.ts'

/** A named pipe, which nobody writes to. */
const pipeAt = (path: string): string => {
  execFileSync('mkfifo', [path])
  return path
}

describe('keyfold doctor', () => {
  it('finds a store in order, and leaves it as it was', async () => {
    const file = temporaryFile('k.db')
    const store = `sqlite:${file}`
    await keyfoldHere([...reserve('order-1', 'c-1'), '--store', store])
    const before = contents(dirname(file))
    const { code, inOrder, states } = await doctor(store, dirname(file), keyfold)
    expect({ code, inOrder }).toEqual({ code: 0, inOrder: true })
    for (const what of ['keyfold', 'node', 'driver', 'file', 'size', 'rights', 'store', 'log', 'clock', 'views']) {
      expect([what, states[what]]).toEqual([what, 'ok'])
    }
    expect(contents(dirname(file))).toEqual(before)
  })

  it('says of what this user may not read, or not reach, that it is so', async () => {
    const file = temporaryFile('k.db')
    const folder = dirname(file)
    await keyfoldHere([...reserve('order-1', 'c-1'), '--store', `sqlite:${file}`])
    // permissions do not bind root
    const uid = process.getuid?.() === 0 ? 65534 : undefined
    const asNobody: typeof keyfold = (args, where) => keyfold([...args, '--views', file], { ...where, cwd: '/', uid })
    for (const [ofFile, ofFolder, found] of [
      [0o000, 0o755, 'cannot be read by this user'],
      [0o644, 0o600, 'the path cannot be followed to a file']
    ] as const) {
      chmodSync(file, ofFile)
      chmodSync(folder, ofFolder)
      const { code, checks } = await doctor(`sqlite:${file}`, '/', asNobody)
      expect(code).toBe(4)
      for (const what of ['file', 'views']) {
        expect(checks).toContainEqual(expect.objectContaining({ what, state: 'fail', found }))
      }
    }
    chmodSync(folder, 0o700)
  })

  it('judges an address as every command does, before it looks for a file', async () => {
    const cwd = dirname(temporaryFile('x'))
    for (const [store, cause] of [
      ['sqlite:///tmp/none.db', '--store sqlite:// means no file for certain'],
      ['sqlite:', '--store sqlite: needs the name of a file'],
      ['x.db', '--store must be sqlite:FILE']
    ] as const) {
      const { code, states, checks } = await doctor(store, cwd)
      expect({ code, ...states }).toMatchObject({ code: 4, store: 'fail' })
      expect(states).not.toHaveProperty('file')
      expect(JSON.stringify(checks)).toContain(`InvalidInput: ${cause}`)
    }
  })

  it('refuses settings that every command refuses', async () => {
    const file = temporaryFile('k.db')
    const store = `sqlite:${file}`
    await keyfoldHere([...reserve('order-1', 'c-1'), '--store', store])
    const judged = async (args: ReadonlyArray<string>, env = {}) => {
      const { code, stdout } = await keyfoldHere(['doctor', '--json', '--store', store, ...args], {
        cwd: dirname(file),
        env
      })
      return {
        code,
        settings: JSON.parse(stdout).checks.find(({ what }: { what: string }) => what === 'settings').state
      }
    }
    const refused = { code: 4, settings: 'fail' }
    expect(await judged([], { KEYFOLD_IDENTITY_SECRET: 'short' })).toEqual(refused)
    expect(await judged(['--category', 'a-b'])).toEqual(refused)
    expect(await judged(['--category', 'ab'], { KEYFOLD_IDENTITY_SECRET: 'long enough for this' })).toEqual({
      code: 0,
      settings: 'ok'
    })
  })

  it('knows the version of the driver', async () => {
    const { checks } = await doctor(`sqlite:${temporaryFile('k.db')}`, '/')
    const { version } = JSON.parse(readFileSync('node_modules/libsql/package.json', 'utf8'))
    expect(checks).toContainEqual({ what: 'driver', state: 'ok', found: `libsql ${version}` })
  })

  it('of a file that was emptied does not say that commands make one', async () => {
    const file = temporaryFile('k.db')
    writeFileSync(file, '')
    const { code, stdout } = await doctor(`sqlite:${file}`, dirname(file))
    expect(code).toBe(4)
    expect(stdout).toContain('restore it from a backup')
  })

  it('reads no pipe and no device', async () => {
    const file = temporaryFile('k.db')
    const pipe = pipeAt(join(dirname(file), 'pipe'))
    for (const store of [`sqlite:${pipe}`, 'sqlite:/dev/zero']) {
      const { code, checks } = await doctor(store, dirname(file))
      const found = { what: 'file', state: 'fail', found: 'is no file', mend: 'name a keyfold store with --store' }
      expect({ code, checks }).toEqual({ code: 4, checks: expect.arrayContaining([found]) })
    }
  })

  it('tells of views that are in no file of views', async () => {
    const folder = dirname(temporaryFile('k.db'))
    await keyfoldHere([...reserve('order-1', 'c-1'), '--store', 'sqlite:k.db'], { cwd: folder })
    const rebuilt = await keyfoldHere(['projections', 'rebuild', 'key_index', '--store', 'sqlite:k.db'], {
      cwd: folder
    })
    expect(rebuilt.code).toBe(0)
    // reading makes no file
    const asked = await keyfoldHere(['projections', 'status', '--store', 'sqlite:k.db', '--views', 'v.db'], {
      cwd: folder
    })
    expect(asked).toMatchObject({ code: 0, stderr: '' })
    expect(readdirSync(folder)).not.toContain('v.db')
    pipeAt(join(folder, 'pipe'))
    mkdirSync(join(folder, 'folder'))
    writeFileSync(join(folder, 'garbage'), 'garbage')
    const state = async (views: string) => {
      const args = ['doctor', '--json', '--store', 'sqlite:k.db', '--views', views]
      const { code, stdout } = await keyfoldHere(args, { cwd: folder })
      return [code, JSON.parse(stdout).checks.at(-1).state]
    }
    for (const views of ['pipe', 'folder', 'garbage'])
      expect([views, ...(await state(views))]).toEqual([views, 4, 'fail'])
    for (const views of ['none.db', 'k.db', 'keyfold-views.db']) {
      expect([views, ...(await state(views))]).toEqual([views, 0, 'ok'])
    }
  })

  it('makes no store where there is none', async () => {
    const file = temporaryFile('k.db')
    const { code, inOrder, states, checks } = await doctor(`sqlite:${file}`, dirname(file))
    expect({ code, inOrder, file: states['file'] }).toEqual({ code: 4, inOrder: false, file: 'fail' })
    expect(checks.every((check: { readonly state: string }) => check.state === 'ok' || 'mend' in check)).toBe(true)
    expect(readdirSync(dirname(file))).toEqual([])
  })

  it('tells a file of something else, a folder, and rights that others have', async () => {
    const file = temporaryFile('k.db')
    const folder = dirname(file)
    writeFileSync(file, 'no database at all'.repeat(20))
    expect(await doctor('sqlite:k.db', folder)).toMatchObject({ code: 4, states: { file: 'fail' } })
    mkdirSync(join(folder, 'f'))
    expect(await doctor('sqlite:f', folder)).toMatchObject({ code: 4, states: { file: 'fail' } })
    await keyfoldHere([...reserve('order-1', 'c-1'), '--store', 'sqlite:own.db'], { cwd: folder })
    chmodSync(join(folder, 'own.db'), 0o644)
    expect(await doctor('sqlite:own.db', folder)).toMatchObject({ code: 0, inOrder: true, states: { rights: 'warn' } })
  })

  it('asks a server, and tells that there is none, without its password', async () => {
    const server = await startStandIn()
    expect(await doctor(server.url, '/', keyfold)).toMatchObject({
      code: 0,
      states: { client: 'ok', store: 'ok', log: 'ok', clock: 'ok' }
    })
    await server.stop()
    const address = server.url.replace('://', '://ann:s3cr3t-pass@')
    const gone = await doctor(address, '/', keyfold)
    expect(gone).toMatchObject({ code: 4, states: { store: 'fail' } })
    expect(gone.stdout).not.toContain('s3cr3t-pass')
  })

  it('says to people what to do', async () => {
    const file = temporaryFile('k.db')
    const { code, stdout } = await keyfold(['doctor', '--store', `sqlite:${file}`], { cwd: dirname(file) })
    expect(code).toBe(4)
    expect(stdout).toMatch(/^1 wrong, 0 to look at\nstate\twhat\tfound\n/)
    expect(stdout).toContain('file: name another one with --store')
  })
})
