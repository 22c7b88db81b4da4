import { statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createLedger } from '../../src/composition/ledger.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { program, start } from '../support/child.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import type { Damage, Damaged } from './damage-child.ts'

/** How many files, and from which seed on; the long form looks at 300. */
const files = Number(process.env['KEYFOLD_DAMAGED_FILES'] ?? 40)
const firstSeed = Number(process.env['KEYFOLD_DAMAGE_SEED'] ?? 1)

const timeout = 60_000 + files * 5_000

const child = program('test/process/damage-child.ts')
const tenant = { orgId: 'acme', workspaceId: 'shop', source: 'explicit' } as const
const keys = Array.from({ length: 24 }, (_, n) => `key ${n}`)

/** A file with keys in every state, and with text beyond ASCII. */
const whole = async (file: string): Promise<ReadonlyMap<string, string>> => {
  const store = await openSqliteStore({ file })
  const ledger = createLedger({ store })
  const request = {
    tenant,
    operation: 'charge',
    owner: 'wörker',
    requestFingerprint: 'sha256:1',
    lease: 'none'
  } as const
  for (const [n, key] of keys.entries()) {
    const answer = await ledger.reserve({ ...request, key })
    if (answer._tag !== 'Reserved') throw new Error(answer._tag)
    for (let again = 0; again < n % 4; again++) await ledger.reserve({ ...request, key, owner: `other ${again}` })
    const details = { text: '€ ä 😀'.repeat(n * 20) }
    const outcome = { outcomeKind: 'charged', completedAtMs: 1_700_000_000_000, details }
    if (n % 2 === 0) await ledger.complete({ claim: answer.claim, outcome })
  }
  const records = new Map<string, string>()
  for (const key of keys) records.set(key, JSON.stringify(await ledger.get({ tenant, operation: 'charge', key })))
  await ledger.dispose()
  await store.dispose()
  return records
}

/** A generator of numbers from a seed (mulberry32). */
const chance = (seed: number): ((below: number) => number) => {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

/** One to sixteen bytes, of which every second file changes single bits only. */
const damageOf = (seed: number, size: number): Damage => {
  const below = chance(seed)
  const count = 1 + below(16)
  return {
    seed,
    flips: Array.from({ length: count }, () => [below(size), seed % 2 === 0 ? 1 << below(8) : 1 + below(255)] as const)
  }
}

describe(`${files} files with one to sixteen bytes changed (seeds from ${firstSeed} on)`, () => {
  it('end no process, hold none up, and give no record but as it was written', { timeout }, async () => {
    const file = temporaryFile('store.db')
    const written = await whole(file)
    const { size } = statSync(file)
    const damages = Array.from({ length: files }, (_, n) => damageOf(firstSeed + n, size))
    const reader = start<Damaged>(child, { file, keys, damages })
    for (const { seed } of damages) await reader.hear((said) => said._tag === 'Over' && said.seed === seed)
    await reader.end()
    const records = new Set(written.values())
    let refused = 0
    let failed = 0
    for (const said of reader.said) {
      if (said._tag !== 'Told') continue
      const { seed, opened, got, listed, unreadable, full } = said
      if (opened !== 'open') {
        refused++
        continue
      }
      for (const answer of got) {
        if ('failed' in answer) {
          failed++
          continue
        }
        if (answer.record === written.get(answer.key)) continue
        // out of reach: never without a word of it from the check and from the list
        expect({ seed, key: answer.key, record: answer.record }).toEqual({ seed, key: answer.key, record: 'null' })
        expect({ seed, full }).not.toEqual({ seed, full: 'whole' })
        expect({ seed, unreadable }).not.toEqual({ seed, unreadable: [] })
      }
      if ('failed' in listed) continue
      for (const record of listed) expect({ seed, is: records.has(record), record }).toEqual({ seed, is: true, record })
    }
    // the damage was felt at all
    expect(refused + failed).toBeGreaterThan(0)
  })
})
