import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { createLedger, type HistoryEntry } from 'keyfold'
import { openMemoryStore } from 'keyfold/memory'
import { expect, it } from 'vitest'
import { read } from '../support/documents.ts'
import { eventually } from '../support/eventually.ts'
import { program } from '../support/keyfold.ts'
import { reserveLine } from '../support/story.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import { follow, outcomesBetween, storyOf } from './snippets/read-events.ts'

const tenant = { orgId: 'acme', workspaceId: 'shop' }
const keyOf = (key: string) => ({ tenant, operation: 'payment.charge', key })

const setUp = async () => {
  const ledger = createLedger({ store: await openMemoryStore({ now: () => 1_767_225_600_000 }) })
  const charge = async (key: string, outcomeKind: string): Promise<void> => {
    const asked = { ...keyOf(key), owner: 'web-1', requestFingerprint: 'f', lease: 30_000, actor: 'ada' }
    const reserved = await ledger.reserve(asked)
    if (reserved._tag !== 'Reserved') throw new Error(reserved._tag)
    await ledger.complete({ claim: reserved.claim, outcome: { outcomeKind } })
  }
  return { ledger, charge }
}

it('the how-to tells the story of a key', async () => {
  const { ledger, charge } = await setUp()
  await charge('order-1', 'charged')
  expect(await storyOf(ledger, keyOf('order-1'))).toEqual([
    '0 2026-01-01T00:00:00.000Z Reserved ada',
    '1 2026-01-01T00:00:00.000Z Completed nobody'
  ])
})

it('the how-to counts outcomes in a span of time', async () => {
  const { ledger, charge } = await setUp()
  for (const [key, kind] of [
    ['a', 'charged'],
    ['b', 'declined'],
    ['c', 'charged']
  ] as const) {
    await charge(key, kind)
  }
  const begin = 1_767_225_600_000
  expect(Object.fromEntries(await outcomesBetween(ledger, begin, begin + 1))).toEqual({ charged: 2, declined: 1 })
  expect(await outcomesBetween(ledger, begin + 1, begin + 2)).toEqual(new Map())
})

it('the how-to’s commands read them, too', async () => {
  const [, commands = ''] = /^```sh\n(.*?)^```/ms.exec(read('docs/how-to/read-events.md')) ?? []
  const cwd = dirname(temporaryFile('ledger.db'))
  const script = `keyfold() { "${process.execPath}" "${program}" "$@"; }
echo '${reserveLine('order-1').trimEnd()}' | keyfold batch --store sqlite:ledger.db
${commands.replaceAll('order-1', 'order-1 --org acme --workspace shop')}`
  const { stdout } = await promisify(execFile)('sh', ['-eu', '-c', script], { cwd, env: { PATH: process.env['PATH'] } })
  expect(stdout).toMatch(/Reserved.*exported 1 events? to events\.ndjson/s)
  expect(JSON.parse(readFileSync(join(cwd, 'events.ndjson'), 'utf8'))).toMatchObject({ type: 'Reserved' })
})

it('the how-to follows the log, and goes on where it was', async () => {
  const { ledger, charge } = await setUp()
  let kept: string | undefined
  const place = {
    load: async () => kept,
    save: async (position: string) => {
      kept = position
    }
  }
  const taken: Array<string> = []
  const take = async (entry: HistoryEntry): Promise<void> => {
    if (entry.type === 'Completed') taken.push(entry.data.outcome.outcomeKind)
  }
  await charge('a', 'first')
  for (const [key, kind, count] of [
    ['b', 'second', 2],
    ['c', 'third', 3]
  ] as const) {
    const stop = new AbortController()
    const followed = follow(ledger, place, take, stop.signal)
    await charge(key, kind)
    await eventually(() => expect(taken).toHaveLength(count))
    stop.abort()
    await followed
  }
  expect(taken).toEqual(['first', 'second', 'third'])
})
