import { describe, expect, it } from 'vitest'
import { sharedPb } from '../../../../src/testing/eventstoredb-stand-in/generated.ts'
import { structuredUuidOf, textOf, uuidOf } from '../../../../src/testing/eventstoredb-stand-in/uuid.ts'

const id = 'f1020304-0506-4708-890a-0b0c0d0e0f10'

describe('ids', () => {
  it.each([
    id,
    id.toUpperCase(),
    id.replaceAll('-', ''),
    `{${id}}`,
    `(${id})`,
    ` \t${id}\n`,
    '{0xf1020304,0x0506,0x4708,{0x89,0x0a,0x0b,0x0c,0x0d,0x0e,0x0f,0x10}}',
    '{ 0xf1020304, 0x506, 0x4708, { 0x89, 0xa, 0xb, 0xc, 0xd, 0xe, 0xf, 0x10 } }'
  ])('%j is one value with the others', (text) => {
    expect(textOf(uuidOf(text))).toBe(id)
  })

  it('may come in two halves', () => {
    expect(textOf(structuredUuidOf(id))).toBe(id)
  })

  it.each(['', 'x', `${id}0`, `{${id}`, `(${id.replaceAll('-', '')})`, id.replace('-', ''), `${id.slice(1)}-`])(
    '%j is none',
    (text) => {
      expect(textOf(uuidOf(text))).toBeUndefined()
    }
  )

  it('is none that has no value', () => {
    expect(textOf(new sharedPb.UUID())).toBeUndefined()
    expect(textOf(undefined)).toBeUndefined()
  })
})
