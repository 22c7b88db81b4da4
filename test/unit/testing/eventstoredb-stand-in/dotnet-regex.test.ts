import { describe, expect, it } from 'vitest'
import { dotNetRegex } from '../../../../src/testing/eventstoredb-stand-in/dotnet-regex.ts'

describe('expressions of filters', () => {
  it.each<[string, string, boolean]>([
    ['^(\\$\\$)?one-', '$$one-1', true],
    ['one', 'number one', true],
    ['^one$', 'one\n', true],
    ['\\Aone\\z', 'one\n', false],
    ['\\Aone\\Z', 'one\n', true],
    ['(?i)ONE', 'one', true],
    ['ONE', 'one', false],
    ['^\\w+$', 'größe', true],
    ['^[\\w-]+$', 'grö-ße', true],
    ['^\\d+$', '٣', true],
    ['^\\W$', 'ö', false],
    ['\\p{Lu}', 'a', false],
    ['[]a]', ']', true],
    ['a{2}', 'aa', true],
    ['{x}', '{x}', true],
    ['a\\-b', 'a-b', true],
    ['[a\\-]', '-', true],
    ['^(?<n>a)\\k<n>$', 'aa', true]
  ])('%s of %j', (expression, text, expected) => {
    expect(dotNetRegex(expression)?.test(text)).toBe(expected)
  })

  it.each(['[', '(', 'a**', '\\'])('%s is none', (expression) => {
    expect(dotNetRegex(expression)).toBeUndefined()
  })
})
