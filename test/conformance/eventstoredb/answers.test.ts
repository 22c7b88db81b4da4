import { describe, expect, it } from 'vitest'
import { startStandIn } from '../../../src/testing/eventstoredb.ts'

type Recording = { readonly url: string }

/** Whether scenarios of this name are wanted. */
type Wanted = (name: string) => boolean

type Tools = {
  readonly recorded: (version: string, isWanted?: Wanted) => Recording
  readonly record: (url: string, modules: string, isWanted?: Wanted) => Promise<Recording>
  readonly compared: (
    a: Recording,
    b: Recording
  ) => { readonly answers: number; readonly differing: ReadonlyArray<string> }
}

// plain JavaScript, so that it can be held against any server
const tools: Tools = await import(new URL('./answers.mjs', import.meta.url).href)

/** The calls that race: in these alone two recordings of one real server differ. */
const isByChance = (one: string): boolean => one.startsWith('append/again/at once:')

const whole = { isWanted: (): boolean => true, count: 1963 }

/** What these servers, and the stand-in, do by their version: played to the second of them. The long form plays all. */
const isByVersion: Wanted = (name) => /^(read|subscribe)\//.test(name)
const byVersion = process.env['KEYFOLD_ANSWERS'] === 'all' ? whole : { isWanted: isByVersion, count: 464 }

describe.concurrent('the stand-in against recordings of real servers', () => {
  it.each([
    { version: '23.10.6', ...whole },
    { version: '24.6.0', ...byVersion }
  ])('answers as $version did, but for what is chance', { timeout: 1_200_000 }, async (asked) => {
    const { version, isWanted, count } = asked
    const server = await startStandIn({ version })
    try {
      const played = await tools.record(`127.0.0.1:${server.port}`, '.', isWanted)
      const { answers, differing } = tools.compared(tools.recorded(version, isWanted), played)
      expect(answers).toBe(count)
      expect(differing.filter((one) => !isByChance(one))).toEqual([])
    } finally {
      await server.stop()
    }
  })

  it('need play nothing else for both: in all else the servers differ by chance only', () => {
    const isAlike: Wanted = (name) => !isByVersion(name)
    const [older, newer] = ['23.10.6', '24.6.0'].map((version) => tools.recorded(version, isAlike))
    if (older === undefined || newer === undefined) return expect.fail('no recordings')
    const { answers, differing } = tools.compared(older, newer)
    expect(answers).toBe(1499)
    expect(differing.filter((one) => !isByChance(one))).toEqual([])
  })
})
