import { describe, expect, it } from 'vitest'
import { benchOptions } from '../../bench/options.ts'

const known = ['sqlite-cycles', 'sqlite-keys', 'peers']
const options = (...args: ReadonlyArray<string>) => benchOptions(args, known)

describe('what npm run bench takes', () => {
  it('nothing: all benchmarks', () =>
    expect(options()).toEqual({ names: [], json: '.tmp/bench/result.json', write: false }))
  it('what names begin with, and where the result goes', () =>
    expect(options('sqlite', 'peers', '--json', 'a.json')).toEqual({
      names: ['sqlite', 'peers'],
      json: 'a.json',
      write: false
    }))
  it('the page, with all benchmarks', () => expect(options('--write')).toMatchObject({ write: true }))
  it.each([
    ['no page of one run and another', ['--write', 'peers'], '--write takes all benchmarks'],
    ['no name that there is none of', ['peers', 'nobody'], 'there is no benchmark "nobody"'],
    ['no option that there is none of', ['--fast'], '--fast'],
    ['no file without a name', ['--json'], '--json']
  ])('%s', (_, args, why) => expect(options(...args)).toContain(why))
  it('quotes no more of a name than can be read', () =>
    expect(String(options('x'.repeat(1000))).length).toBeLessThan(300))
})
