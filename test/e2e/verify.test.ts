import { copyFileSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { executed } from '../support/frozen-files.ts'
import { keyfold, program, start } from '../support/keyfold.ts'
import { keyfoldHere } from '../support/keyfold-here.ts'
import { fillLargeStore } from '../support/large-log.ts'
import { measured } from '../support/measured.ts'
import { temporaryFile } from '../support/temporary-file.ts'

/** How many events; the long form has a million. */
const events = Number(process.env['KEYFOLD_VERIFY_EVENTS'] ?? 15_000)

/** The most memory that a run may take, MB: of it Node alone takes a third. */
const mostMb = 200

const timeout = 300_000 + events

const verify = (file: string, ...args: ReadonlyArray<string>) =>
  keyfoldHere(['verify', '--json', ...args], { env: { KEYFOLD_STORE: `sqlite:${file}` } })

/** What somebody does to a file of schema 2 with the tools of SQLite, and what is told of it. */
const tamperings: ReadonlyArray<readonly [what: string, sql: string, ...found: ReadonlyArray<object>]> = [
  [
    'a byte of a body is flipped',
    `UPDATE events SET body = CAST(substr(body, 1, length(body) - 3) || x'7a' || substr(body, -2) AS BLOB) WHERE position = 2500`,
    { kind: 'altered', revision: 2 }
  ],
  ['a row is removed', 'DELETE FROM events WHERE position = 1500', { kind: 'missing', revision: 2 }],
  [
    'the first row of a key is removed',
    'DELETE FROM events WHERE position = 500',
    { kind: 'unreadable', record_id: null, revision: 1 },
    { kind: 'unreadable', record_id: null, revision: 2 }
  ],
  [
    'two rows change their places',
    'UPDATE events SET position = -1 WHERE position = 1500; UPDATE events SET position = 1500 WHERE position = 2500; UPDATE events SET position = 2500 WHERE position = -1',
    { kind: 'misplaced', revision: 2 }
  ],
  [
    'a row is stamped anew',
    'UPDATE events SET at = at + 10000000 WHERE position = 1500',
    { kind: 'restamped', revision: 1 }
  ],
  ['a row holds no event', `UPDATE events SET body = x'00' WHERE position = 2500`, { kind: 'unreadable', revision: 2 }]
]

/** What a process has open there; nothing where it closed it meanwhile. */
const linkIn = (folder: string, fd: string): string => {
  try {
    return readlinkSync(join(folder, fd))
  } catch {
    return ''
  }
}

describe(`a SQLite file of ${events} events`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyfold-verify-'))
  const file = join(folder, 'large.db')
  beforeAll(() => fillLargeStore(file, events), timeout)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('passes, in a process whose memory stays flat', { timeout }, async () => {
    const args = [program, 'verify', '--json', `--store=sqlite:${file}`]
    const begun = performance.now()
    const { ended, peakMb, stdout, stderr } = await measured(args, [], 96)
    const perSecond = Math.round(events / ((performance.now() - begun) / 1000))
    expect({ ended, stderr }).toEqual({ ended: '0', stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({ events, keys: events / 3, finding_count: 0, next: String(events) })
    console.log(`verify: ${events} events, ${perSecond} events/s, peak ${peakMb} MB`)
    expect(peakMb).toBeLessThan(mostMb)
  })

  it('is gone on with from where a run that was interrupted got to', { timeout }, async () => {
    const { child, ended } = start(['verify', `--store=sqlite:${file}`])
    const open = `/proc/${child.pid}/fd`
    await eventually(async () => expect(readdirSync(open).map((fd) => linkIn(open, fd))).toContain(file))
    child.kill('SIGINT')
    const stopped = await ended
    expect(stopped).toMatchObject({ code: 130, stdout: '' })
    // it may not have come to the end of a page
    const [, position = '0'] = /--after (\d+)/.exec(stopped.stderr) ?? []
    const rest = await verify(file, `--after=${position}`)
    expect(rest.code).toBe(0)
    expect(JSON.parse(rest.stdout)).toMatchObject({
      events: events - Number(position),
      finding_count: 0,
      next: String(events)
    })
  })
})

describe('a file that somebody tampered with', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyfold-verify-'))
  const sound = join(folder, 'sound.db')
  beforeAll(() => fillLargeStore(sound, 3000))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('is found out, with exit code 4', { timeout: 300_000 }, async () => {
    expect(await verify(sound)).toMatchObject({ code: 0, stderr: '' })
    for (const [what, sql, ...found] of tamperings) {
      const file = temporaryFile('store.db')
      copyFileSync(sound, file)
      executed(file, sql)
      const { code, stdout, stderr } = await verify(file)
      expect({ what, code, stderr }).toEqual({ what, code: 4, stderr: '' })
      const { findings } = JSON.parse(stdout)
      expect({ what, findings }).toMatchObject({ what, findings: found })
    }
  })
  it('is named in words too by a process that verifies it, and a sound key of it is sound', {
    timeout: 300_000
  }, async () => {
    const file = temporaryFile('store.db')
    copyFileSync(sound, file)
    executed(file, 'DELETE FROM events WHERE position = 1500')
    const env = { KEYFOLD_STORE: `sqlite:${file}` }
    const told = await keyfold(['verify'], { env })
    expect(told.code).toBe(4)
    expect(told.stdout).toMatch(
      /^1 finding: 2999 events, with the beginning of 1000 keys\nfinding\trecord id\trev\tposition\twhat is wrong\nmissing\tidem_\w{64}\t2\t2500\trevision 1 is not before it\n$/
    )
    const key = ['--operation=payment.charge', '--org=acme', '--workspace=shop']
    expect(await keyfoldHere(['verify', ...key, '--key=order-3'], { env })).toMatchObject({ code: 0 })
    expect(await keyfoldHere(['verify', ...key, '--key=order-499'], { env })).toMatchObject({ code: 4 })
    expect(await keyfoldHere(['verify', ...key], { env })).toMatchObject({ code: 2 })
  })
})
