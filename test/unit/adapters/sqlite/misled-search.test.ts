import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { createLedger, KeyfoldError } from '../../../../src/index.ts'
import { openSqliteStore } from '../../../../src/sqlite.ts'
import { asking } from '../../../support/scripted-ledger.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

const keys = Array.from({ length: 150 }, (_, index) => asking({ key: `key-${index}`, lease: 3_600_000 }))

const pageSize = 4096

/** Bytes amid the leaves of the indexes: where the search for many keys turns left or right. */
const crossroads = (file: Buffer): ReadonlyArray<number> =>
  Array.from({ length: file.length / pageSize }, (_, page) => page * pageSize)
    .filter((at) => file[at] === 10 && file.readUInt16BE(at + 3) >= 20)
    .flatMap((at) => {
      const middle = Math.floor(file.readUInt16BE(at + 3) / 2)
      return [middle - 1, middle, middle + 1].map((cell) => at + file.readUInt16BE(at + 8 + 2 * cell))
    })
    .flatMap((cell) => [4, 5, 6].map((offset) => cell + offset))

it('no key is granted again because one bit in an index leads the search for it astray', {
  timeout: 300_000
}, async () => {
  const folder = dirname(temporaryFile('whole.db'))
  const whole = join(folder, 'whole.db')
  const store = await openSqliteStore({ file: whole, synchronous: 'NORMAL' })
  const ledger = createLedger({ store })
  for (const key of keys) await ledger.reserve(key)
  await store.dispose()
  const sound = readFileSync(whole)
  const flips = crossroads(sound)
  expect(flips.length).toBeGreaterThan(15)
  let noticed = 0
  for (const [index, at] of flips.entries()) {
    const file = join(folder, `${index}.db`)
    const damaged = Buffer.from(sound)
    damaged[at] = (damaged[at] ?? 0) ^ 0x80
    writeFileSync(file, damaged)
    const opened = await openSqliteStore({ file, synchronous: 'NORMAL' })
    const again = createLedger({ store: opened, recording: 'ignore', deadlineMs: 400 })
    for (const key of keys) {
      const answer = await again.reserve(key).catch((cause: unknown) => cause)
      if (answer instanceof KeyfoldError) noticed++
      else expect(answer, `byte ${at}, ${key.key}`).toMatchObject({ _tag: 'Duplicate' })
    }
    await opened.dispose()
  }
  expect(noticed).toBeGreaterThan(0)
})
