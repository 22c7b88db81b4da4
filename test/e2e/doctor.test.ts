import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startStandIn } from '../../src/testing/eventstoredb.ts'
import { keyfold } from '../support/keyfold.ts'
import { reserve } from '../support/story.ts'
import { temporaryFile } from '../support/temporary-file.ts'

const doctor = async (store: string, cwd: string) => {
  const { code, stdout } = await keyfold(['doctor', '--json', '--store', store], { cwd })
  const { in_order: inOrder, checks } = JSON.parse(stdout)
  const states = Object.fromEntries(
    checks.map(({ what, state }: { readonly what: string; readonly state: string }) => [what, state])
  )
  return { code, inOrder, states, checks, stdout }
}

const contents = (folder: string) =>
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString('hex')])

describe('keyfold doctor', () => {
  it('finds a store in order, and leaves it as it was', async () => {
    const file = temporaryFile('k.db')
    const store = `sqlite:${file}`
    await keyfold([...reserve('order-1', 'c-1'), '--store', store])
    const before = contents(dirname(file))
    const { code, inOrder, states } = await doctor(store, dirname(file))
    expect({ code, inOrder }).toEqual({ code: 0, inOrder: true })
    for (const what of ['keyfold', 'node', 'driver', 'file', 'size', 'rights', 'store', 'log', 'clock', 'views']) {
      expect([what, states[what]]).toEqual([what, 'ok'])
    }
    expect(contents(dirname(file))).toEqual(before)
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
    await keyfold([...reserve('order-1', 'c-1'), '--store', 'sqlite:own.db'], { cwd: folder })
    chmodSync(join(folder, 'own.db'), 0o644)
    expect(await doctor('sqlite:own.db', folder)).toMatchObject({ code: 0, inOrder: true, states: { rights: 'warn' } })
  })

  it('asks a server, and tells that there is none, without its password', async () => {
    const server = await startStandIn()
    expect(await doctor(server.url, '/')).toMatchObject({
      code: 0,
      states: { client: 'ok', store: 'ok', log: 'ok', clock: 'ok' }
    })
    await server.stop()
    const address = server.url.replace('://', '://ann:s3cr3t-pass@')
    const gone = await doctor(address, '/')
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
