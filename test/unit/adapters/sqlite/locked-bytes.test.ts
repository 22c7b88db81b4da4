import { expect, it } from 'vitest'
import { isLockOn } from '../../../../src/adapters/sqlite/locked-bytes.ts'

const wanted = { first: 128, last: 128 }

it.each([
  ['the lock alone', 'lock:\t1: POSIX  ADVISORY  READ 71 fe:00:512 128 128', true],
  ['with a mark that touches it', 'lock:\t1: POSIX  ADVISORY  READ 71 fe:00:512 127 128', true],
  ['as /proc/locks tells of it', '12: POSIX  ADVISORY  READ 71 fe:00:512 126 130', true],
  ['to the end of the file', '12: POSIX  ADVISORY  WRITE 71 fe:00:512 0 EOF', true],
  ['a mark alone', '12: POSIX  ADVISORY  READ 71 fe:00:512 123 127', false],
  ['what begins after it', '12: POSIX  ADVISORY  READ 71 fe:00:512 129 EOF', false],
  ['another field', 'mnt_id:\t128', false],
  ['nothing', '', false]
])('%s', (_, line, isOn) => {
  expect(isLockOn(line, wanted)).toBe(isOn)
})
