import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as E from 'fp-ts/Either'
import { expect, it } from 'vitest'
import { appendOf } from '../../../support/append-of.ts'
import { opened } from '../../../support/sqlite-opening.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

const streams = ['a', 'b', 'c']

const pageSize = 4096

/** Where the entries of the leaves of indexes begin. */
const entries = (file: Buffer): ReadonlyArray<number> =>
  Array.from({ length: file.length / pageSize }, (_, page) => page * pageSize)
    .filter((at) => file[at] === 10)
    .flatMap((at) =>
      Array.from({ length: file.readUInt16BE(at + 3) }, (_, cell) => at + file.readUInt16BE(at + 8 + 2 * cell))
    )

it('no stream looks shorter from its end because one bit in an index is flipped', { timeout: 300_000 }, async () => {
  const folder = dirname(temporaryFile('whole.db'))
  const whole = join(folder, 'whole.db')
  const store = await opened(whole)
  const appends = streams.map((stream) => appendOf(3, stream))
  for (const append of appends) expect(E.isRight(await store.append(append)())).toBe(true)
  await store.dispose()
  const sound = readFileSync(whole)
  const flips = entries(sound)
    .flatMap((entry) => Array.from({ length: sound[entry] ?? 0 }, (_, byte) => entry + 1 + byte))
    .flatMap((at) => [1, 16, 128].map((bit) => ({ at, bit })))
  let noticed = 0
  for (const [index, { at, bit }] of flips.entries()) {
    const file = join(folder, `${index}.db`)
    const damaged = Buffer.from(sound)
    damaged[at] = (damaged[at] ?? 0) ^ bit
    writeFileSync(file, damaged)
    const read = await opened(file)
    for (const { stream, events } of appends) {
      for (const count of [1, 8]) {
        const found = await read.readStream(stream, 'backwards', 'end', count)()
        const last = E.isRight(found) ? found.right[0] : undefined
        if (E.isLeft(found)) noticed++
        // none at all, and what is not as it was written, is found out by who writes the first, or reads
        else if (last !== undefined && last.id === events[Number(last.revision)]?.id) {
          expect(last.revision, `bit ${bit} of byte ${at}, ${stream}, ${count}`).toBe(2n)
        }
      }
    }
    await read.dispose()
  }
  expect(noticed).toBeGreaterThan(100)
})
