import { describe, expect, it } from 'vitest'
import { commentsAbove } from '../../scripts/comments-above.ts'

const cases: ReadonlyArray<readonly [what: string, given: string, then: string]> = [
  [
    'a comment behind the member before',
    'type A = {\n  a: string; /** Of b. */\n  b: string;\n};\n',
    'type A = {\n  a: string;\n  /** Of b. */\n  b: string;\n};\n'
  ],
  [
    'a comment behind the brace that opens the type, which is indented as its members are',
    'type A = {/** Of a. */\n  a: string;\n};\n',
    'type A = {\n  /** Of a. */\n  a: string;\n};\n'
  ],
  [
    'a comment with its member on one line with the member before',
    'type A = {\n  a: string; /** Of b. */ b: string;\n};\n',
    'type A = {\n  a: string;\n  /** Of b. */\n  b: string;\n};\n'
  ],
  ['a comment that has its line already', '  /** Of a. */\n  a: string;\n', '  /** Of a. */\n  a: string;\n'],
  [
    'a comment of several lines',
    'type A = {\n  a: string; /**\n   * Of b.\n   */\n  b: string;\n};\n',
    'type A = {\n  a: string;\n  /**\n   * Of b.\n   */\n  b: string;\n};\n'
  ],
  ['a comment that documents nothing', 'a: string; /* aside */\nb: string;\n', 'a: string; /* aside */\nb: string;\n'],
  ['what only looks like one, in a text', "type A = 'a /** b */ c';\n", "type A = 'a /** b */ c';\n"],
  [
    'what only looks like one, in the middle of a template',
    `type A = \`a \${B} /** b */ \${C} c\`;\n`,
    `type A = \`a \${B} /** b */ \${C} c\`;\n`
  ],
  ['a text without any', '', '']
]

describe('the comments of declarations', () => {
  it.each(cases)('%s', (_, given, then) => {
    expect(commentsAbove(given)).toBe(then)
    expect(commentsAbove(then), 'once they are in place they stay').toBe(then)
  })
})
